import { paths } from '@mana/shared/wire/endpoints';
import { liveMessageSchema, type LiveMessage } from '@mana/shared/wire/sync';
import { parse } from 'zod/v4/core';
import type { TestPerson } from './test-person.ts';

/** A live socket that keeps what arrives until it is asked for. */
export interface TestSocket {
  /** Resolves when the server let it in, rejects when it did not. */
  readonly opened: Promise<void>;
  say(message: unknown): void;
  next(): Promise<LiveMessage | 'closed'>;
  /** How many messages have arrived that nobody asked for yet. */
  waitingCount(): number;
  close(): void;
}

export function openSocket(baseUrl: string, headers: Record<string, string> = {}): TestSocket {
  const url = new URL(paths.live, baseUrl);
  url.protocol = 'ws:';
  const socket = new WebSocket(url, { headers } as never);
  const waiting: ((message: LiveMessage | 'closed') => void)[] = [];
  const arrived: (LiveMessage | 'closed')[] = [];
  const deliver = (message: LiveMessage | 'closed') => {
    const next = waiting.shift();
    if (next) next(message);
    else arrived.push(message);
  };
  socket.addEventListener('message', ({ data }) => deliver(parse(liveMessageSchema, JSON.parse(String(data)))));
  socket.addEventListener('close', () => deliver('closed'));
  const opened = new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve());
    socket.addEventListener('error', () => reject(new Error('refused')));
  });
  return {
    opened,
    say: (message) => socket.send(JSON.stringify(message)),
    next: () => new Promise((resolve) => (arrived.length > 0 ? resolve(arrived.shift() ?? 'closed') : waiting.push(resolve))),
    waitingCount: () => arrived.length,
    close: () => socket.close(),
  };
}

export const cookieOf = ({ browser }: TestPerson): { cookie: string } => ({
  cookie: [...browser.cookies].map((pair) => pair.join('=')).join('; '),
});

/** A device of a person, greeted by the server. */
export async function connectDevice(baseUrl: string, person: TestPerson, device: string): Promise<{ socket: TestSocket; ready: unknown }> {
  const socket = openSocket(baseUrl, { ...cookieOf(person), origin: 'http://localhost:4321' });
  await socket.opened;
  socket.say({ type: 'hello', device });
  return { socket, ready: await socket.next() };
}
