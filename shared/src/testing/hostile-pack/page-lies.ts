import type { WireRecord } from '#wire/record.ts';
import type { LiveMessage, PullAnswer } from '#wire/sync.ts';
import type { Attack } from '../hostile-server.ts';
import { act, type HostileAct } from './hostile-act.ts';

const nothingLive: Attack['live'] = (message) =>
  message.type === 'change' ? [{ type: 'nudge', space: message.space, seq: message.seq }] : [message];

/** The lie is told by pages: live changes give way to nudges. */
const page = (
  name: string,
  kind: HostileAct['kind'],
  { expects, change }: { expects: HostileAct['expects']; change: (page: PullAnswer) => PullAnswer },
) => act(kind, name, { expects, live: nothingLive, page: change });

const change =
  (alter: (message: Extract<LiveMessage, { type: 'change' }>) => readonly LiveMessage[]): Attack['live'] =>
  (message) =>
    message.type === 'change' ? alter(message) : [message];

/** A server that goes on sending what it sent first, and calls for a look at it. */
function replaying(): Attack {
  const first = new Map<string, WireRecord>();
  return {
    live: nothingLive,
    records: (records) =>
      records.map((record) => {
        const kept = first.get(record.id) ?? record;
        first.set(record.id, kept);
        return { ...kept, seq: record.seq };
      }),
  };
}

const cutAt = (cursor: string, seq: number): string => `${cursor.split('-')[0]}-${seq}`;

/** Lies about which records there are, and how many. */
export const pageLies: readonly HostileAct[] = [
  page('a page lost records on the way', 'truncate', {
    expects: 'refused',
    change: (each) => ({ ...each, records: each.records.slice(1) }),
  }),
  page('a page has lost its last record, and its count with it', 'truncate', {
    expects: 'refused',
    change: (each) => ({ ...each, records: each.records.slice(0, -1), count: each.records.length - 1 }),
  }),
  page('an empty page moves the cursor over everything', 'truncate', {
    expects: 'refused',
    change: (each) => ({ ...each, records: [], count: 0, cursor: cutAt(each.cursor, 1_000) }),
  }),
  page('a cursor goes further than its records', 'truncate', {
    expects: 'refused',
    change: (each) => ({ ...each, cursor: cutAt(each.cursor, 1_000) }),
  }),
  page('a cursor goes back', 'rollback', {
    expects: 'refused',
    change: (each) => ({ ...each, records: [], count: 0, cursor: cutAt(each.cursor, 0) }),
  }),
  page('a cursor belongs to another generation', 'rollback', { expects: 'refused', change: (each) => ({ ...each, cursor: '77-1' }) }),
  page('more is said to come, and never does', 'truncate', { expects: 'refused', change: (each) => ({ ...each, more: true, left: 5 }) }),
  page('the records of a page come in another order', 'replay', {
    expects: 'refused',
    change: (each) => ({ ...each, records: each.records.toReversed() }),
  }),
  page('every record of a page comes twice', 'replay', {
    expects: 'refused',
    change: (each) => ({ ...each, records: [...each.records, ...each.records], count: each.count * 2 }),
  }),
  page('a page is no page', 'parser', { expects: 'told', change: (each) => ({ ...each, records: 'none' as unknown as WireRecord[] }) }),
  page('a record carries a property that nobody knows', 'parser', {
    expects: 'told',
    change: (each) => ({ ...each, records: each.records.map((record) => ({ ...record, isAdmin: true })) }),
  }),
  page('a field goes by the name of __proto__', 'parser', {
    expects: 'ignored',
    change: (each) => ({
      ...each,
      records: each.records.map((record) => ({
        ...record,
        fields: JSON.parse(`{"__proto__":{"v":1},${JSON.stringify(record.fields).slice(1)}`) as WireRecord['fields'],
      })),
    }),
  }),
  page('a stamp has a year of six digits', 'parser', {
    expects: 'told',
    change: (each) => ({
      ...each,
      records: each.records.map((record) => JSON.parse(JSON.stringify(record).replaceAll('"at":"', '"at":"+01')) as WireRecord),
    }),
  }),
  act('replay', 'every live change comes twice', { expects: 'ignored', live: change((message) => [message, message]) }),
  act('truncate', 'a live change has lost its records', { expects: 'refused', live: change((message) => [{ ...message, records: [] }]) }),
  act('truncate', 'a live change claims numbers that its records do not have', {
    expects: 'refused',
    live: change((message) => [{ ...message, seq: message.seq + 1_000 }]),
  }),
  act('forge', 'a live change of a space that is nobody’s', {
    expects: 'ignored',
    live: change((message) => [{ ...message, space: '01890000-0000-7000-8000-0000000000ee' }, message]),
  }),
  act('forge', 'a deletion that is a number', {
    expects: 'refused',
    records: (records) =>
      records.map((record) => {
        const { title } = record.fields;
        return title ? { ...record, fields: { ...record.fields, deletedAt: { ...title, v: 1 } } } : record;
      }),
  }),
  act('forge', 'a table that nobody declared comes in plaintext', {
    expects: 'ignored',
    live: change((message) => [
      {
        ...message,
        before: message.seq,
        seq: message.seq + 1,
        records: message.records.slice(0, 1).map((record) => ({
          ...record,
          table: 'secrets',
          seq: message.seq + 1,
          fields: { title: { ...record.fields['title'], v: 'x' } as never },
        })),
      },
      message,
    ]),
  }),
  { kind: 'rollback', name: 'whoever wrote something newer is sent the old again', expects: 'ignored', watched: 'writer', lie: replaying },
];
