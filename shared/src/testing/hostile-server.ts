import { ok } from '#base/result.ts';
import type { WireField, WireRecord } from '#wire/record.ts';
import type { LiveMessage, NewestAnswer, PullAnswer, PushAnswer, PushRequest } from '#wire/sync.ts';
import type { MemoryServer } from './memory-server.ts';

/** What a lying server does with what it sends; each is off by default and may be set at any time. */
export interface Attack {
  records?: ((records: readonly WireRecord[]) => readonly WireRecord[]) | undefined;
  page?: ((page: PullAnswer) => PullAnswer) | undefined;
  newest?: ((answer: NewestAnswer) => NewestAnswer) | undefined;
  answer?: ((answer: PushAnswer, request: PushRequest) => PushAnswer) | undefined;
  live?: ((message: LiveMessage) => readonly LiveMessage[]) | undefined;
  now?: ((nowMs: number) => number) | undefined;
}

/** An honest server behind a liar. */
export function createHostileServer(server: MemoryServer, attack: Attack): MemoryServer {
  const lie = (records: readonly WireRecord[]): WireRecord[] => [...(attack.records?.(structuredClone([...records])) ?? records)];
  const tell = (message: LiveMessage, listener: (message: LiveMessage) => void): void => {
    const lied = message.type === 'change' ? { ...message, records: lie(message.records) } : message;
    for (const each of attack.live?.(lied) ?? [lied]) listener(each);
  };
  return {
    nowMs: () => attack.now?.(server.nowMs()) ?? server.nowMs(),
    ready: () => server.ready(),
    records: () => server.records(),
    backup: () => server.backup(),
    restore: (backup, isForgotten) => server.restore(backup, isForgotten),
    rotate: () => server.rotate(),
    get generation() {
      return server.generation;
    },
    get epoch() {
      return server.epoch;
    },
    push: (request) => {
      const answer = server.push(request);
      return attack.answer?.(answer, request) ?? answer;
    },
    pull(request) {
      const page = server.pull(request);
      if (!page.ok) return page;
      const records = lie(page.value.records);
      const lied = { ...page.value, records, count: records.length };
      return ok(attack.page?.(lied) ?? lied);
    },
    newest(request) {
      const answer = server.newest(request);
      const lied = { ...answer, records: lie(answer.records) };
      return attack.newest?.(lied) ?? lied;
    },
    listen: (device, listener) => server.listen(device, (message: LiveMessage) => tell(message, listener)),
  };
}

/** Changes one field of every record that has it. */
export const withField =
  (name: string, change: (field: WireField, record: WireRecord) => WireField) =>
  (records: readonly WireRecord[]): WireRecord[] =>
    records.map((record) => {
      const field = record.fields[name];
      return field ? { ...record, fields: { ...record.fields, [name]: change(field, record) } } : record;
    });
