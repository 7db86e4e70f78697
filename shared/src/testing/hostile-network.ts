import { err, ok, type Result } from '#base/result.ts';
import type { LiveListener, Transport, TransportFailure } from '#sync/transport.ts';
import { liveMessageSchema, newestAnswerSchema, pullAnswerSchema, pushAnswerSchema, type LiveMessage } from '#wire/sync.ts';
import * as z from 'zod/mini';
import type { MemoryServer } from './memory-server.ts';

/** A message under way; `deliver` brings it to its end. */
interface Message {
  readonly kind: string;
  deliver(): void;
  /** What the sender sees when it never arrives. */
  drop(): void;
}

/** A network that only moves when told: messages may be delivered in any order, twice, or never. */
export interface HostileNetwork {
  count(): number;
  deliver(index: number): void;
  duplicate(index: number): void;
  drop(index: number): void;
  /** The server ends: every live connection closes, and what it had sent on them is lost. */
  breakLines(): void;
  /** The line of one tab. `isUp` decides whether anything leaves; a tab that died hears nothing any more. */
  transport(parts: { readonly isUp: () => boolean }): Transport;
}

/** How strictly a network reads what it carries. */
export interface NetworkOptions {
  /** Whether answers are validated as the transport over HTTP does it. */
  readonly validates?: boolean;
}

/** A hostile network around a server. */
export function createHostileNetwork(server: MemoryServer, { validates = false }: NetworkOptions = {}): HostileNetwork {
  const checked = <T extends z.ZodMiniType>(schema: T, answer: z.infer<T>): Result<z.infer<T>, TransportFailure> => {
    if (!validates) return ok(answer);
    const parsed = z.safeParse(schema, JSON.parse(JSON.stringify(answer)));
    return parsed.success ? ok(parsed.data) : err({ code: 'MALFORMED_ANSWER' });
  };

  const messages: Message[] = [];
  const lines = new Set<() => void>();

  const request = <T>(
    kind: string,
    isUp: () => boolean,
    answer: () => Result<T, TransportFailure>,
  ): Promise<Result<T, TransportFailure>> => {
    if (!isUp()) return Promise.resolve(err({ code: 'OFFLINE' }));
    return new Promise((resolve) => {
      const lost = (): void => resolve(err({ code: 'OFFLINE' }));
      const reach = (): void => {
        const result = structuredClone(answer());
        messages.push({ kind: `${kind} answer`, deliver: () => (isUp() ? resolve(result) : lost()), drop: lost });
      };
      messages.push({ kind, deliver: reach, drop: lost });
    });
  };

  const listen = (isUp: () => boolean, device: Parameters<Transport['listen']>[0], listener: LiveListener): (() => void) => {
    let open = true;
    const close = (): void => {
      if (!open) return;
      open = false;
      lines.delete(close);
      stop();
      listener.onClose();
    };
    lines.add(close);
    const send = (message: LiveMessage): void => {
      const read = checked(liveMessageSchema, message);
      if (!read.ok) return close();
      const copy = structuredClone(read.value);
      messages.push({ kind: 'live', deliver: () => (open && isUp() ? listener.onMessage(copy) : undefined), drop: () => undefined });
    };
    const stop = server.listen(device, send);
    if (!isUp()) queueMicrotask(close);
    else send(server.ready());
    return close;
  };

  return {
    count: () => messages.length,
    deliver: (index) => messages.splice(index, 1)[0]?.deliver(),
    duplicate: (index) => messages[index]?.deliver(),
    drop: (index) => messages.splice(index, 1)[0]?.drop(),
    breakLines: () => [...lines].forEach((close) => close()),
    transport: ({ isUp }) => ({
      time: () => request('time', isUp, () => ok(server.nowMs())),
      push: (push) => request('push', isUp, () => checked(pushAnswerSchema, server.push(structuredClone(push)))),
      pull: (pull) =>
        request('pull', isUp, () => {
          const page = server.pull(pull);
          return page.ok ? checked(pullAnswerSchema, page.value) : page;
        }),
      newest: (newest) => request('newest', isUp, () => checked(newestAnswerSchema, server.newest(newest))),
      listen: (device, listener) => listen(isUp, device, listener),
    }),
  };
}
