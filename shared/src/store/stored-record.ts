import type { Stamp } from '#base/hybrid-clock.ts';
import { maxStamp, ZERO_STAMP } from '#base/hybrid-clock.ts';
import { emptyState, parseRecordKey, type RecordState } from './record-state.ts';
import type { OutboxRow, WireOp } from './storage.ts';

/** A record with where it rests. */
export interface StoredRecord {
  readonly key: string;
  readonly state: RecordState;
  readonly rev: number;
  readonly updatedAtIndex: Stamp;
  readonly wires: readonly WireOp[];
  /** Number of waiting operations as stored, and their place in the order of sending. */
  readonly outbox: { readonly count: number; readonly order: string } | undefined;
}

/** The stored form of a record that is not there. */
export function blankRecord(key: string): StoredRecord {
  const { space, table, id } = parseRecordKey(key);
  return { key, state: emptyState(space, table, id), rev: 0, updatedAtIndex: ZERO_STAMP, wires: [], outbox: undefined };
}

/** Place of a record in the order of sending: what is under way first, then by the oldest waiting edit. */
export function sendingOrder(state: RecordState, wires: readonly WireOp[]): string {
  const [first] = state.pending;
  const at = first ? Object.values(first.fields).reduce((max, field) => maxStamp(max, field.at), ZERO_STAMP) : ZERO_STAMP;
  return `${wires.some((wire) => wire.sent) ? 0 : 1}${at}`;
}

/** The outbox row of a record; none where nothing waits. */
export const outboxRowOf = ({ key, outbox, wires }: StoredRecord): OutboxRow[] => (outbox ? [{ key, ...outbox, wires }] : []);

/** Whether a record's outbox row must be written again. */
export const outboxDiffers = (from: StoredRecord, to: StoredRecord): boolean =>
  from.outbox?.count !== to.outbox?.count || from.outbox?.order !== to.outbox?.order || !sameWires(from.wires, to.wires);

const sameWires = (a: readonly WireOp[], b: readonly WireOp[]): boolean =>
  a.length === b.length && a.every((wire, index) => wire === b[index]);
