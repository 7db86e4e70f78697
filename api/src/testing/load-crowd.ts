import { paths } from '@mana/shared/wire/endpoints';
import type { LoadPerson } from './load-people.ts';

/** A thousand devices of the people, each with a live connection. */
export interface LiveCrowd {
  /** Connects all at once; resolves when every one was told where its spaces stand, or was turned away. */
  connect(): Promise<{ ms: number; errors: number; greetMs: readonly number[] }>;
  /** How many are connected. */
  connected(): number;
  /** Resolves when so many messages arrived since they connected. */
  heard(count: number): Promise<void>;
  disconnect(): void;
}

export function createLiveCrowd(baseUrl: string, people: readonly LoadPerson[]): LiveCrowd {
  const address = new URL(paths.live, baseUrl);
  address.protocol = 'ws:';
  const sockets = new Set<WebSocket>();
  let messages = 0;
  let waiting: { count: number; resolve: () => void } | undefined;
  const greet = (person: LoadPerson, index: number) =>
    new Promise<number | undefined>((resolve) => {
      const startMs = performance.now();
      const socket = new WebSocket(address, { headers: { cookie: person.cookie, origin: 'http://localhost:4321' } } as never);
      let isReady = false;
      socket.addEventListener('open', () => socket.send(JSON.stringify({ type: 'hello', device: index.toString(16).padStart(16, '0') })));
      socket.addEventListener('message', () => {
        if (isReady) {
          messages += 1;
          if (waiting && messages >= waiting.count) waiting.resolve();
          return;
        }
        isReady = true;
        sockets.add(socket);
        resolve(performance.now() - startMs);
      });
      socket.addEventListener('close', () => {
        sockets.delete(socket);
        resolve(undefined);
      });
    });
  return {
    connect: async () => {
      messages = 0;
      const startMs = performance.now();
      const greeted = await Promise.all(people.map(greet));
      const greetMs = greeted.filter((ms) => ms !== undefined);
      return { ms: performance.now() - startMs, errors: greeted.length - greetMs.length, greetMs };
    },
    connected: () => sockets.size,
    heard: async (count) => {
      if (messages < count) await new Promise<void>((resolve) => (waiting = { count, resolve }));
      waiting = undefined;
    },
    disconnect: () => {
      for (const socket of sockets) socket.close();
    },
  };
}
