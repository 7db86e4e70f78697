import { maxStamp, ZERO_STAMP, type Stamp } from '#base/hybrid-clock.ts';
import type { JsonValue } from '#modules/field-kinds.ts';
import { compareFields, isVoid, type Ordered } from '#wire/merge.ts';
import { DELETED_AT } from '#wire/deletion.ts';
import { ENVELOPE_PREFIX } from '#wire/envelope-form.ts';
import type { Origin } from '#wire/record.ts';

/** Epoch of a value that no server has seen: seeds. */
export const SEED_EPOCH = 0;

/** A field's opened value with what the server acknowledged of it. */
export interface HeldField {
  readonly v: JsonValue;
  readonly at: Stamp;
  readonly actor: string;
  readonly origin: Origin;
  readonly epoch: number;
  /** Base64 IV of its envelope: with it the same envelope can be made again, byte for byte. Empty for a structural field. */
  readonly iv: string;
}

/** A field's value in an edit that waits. `sealed` holds what its envelope must be made with, where that is fixed. */
export interface PendingField {
  readonly v: JsonValue;
  readonly at: Stamp;
  readonly actor: string;
  readonly origin: Origin;
  readonly sealed?: { readonly epoch: number; readonly iv: string };
}

/** An edit that the server has not acknowledged. */
export interface PendingOp {
  readonly op: string;
  readonly fields: Readonly<Record<string, PendingField>>;
  /** When it was made: corrected time where `trusted`, else the device's wall clock, in milliseconds. */
  readonly madeMs: number;
  /** Whether the clock had been measured when it was made. */
  readonly trusted: boolean;
  /** Greatest acknowledged stamp that it was made on: re-stamping never goes below. */
  readonly base: Stamp;
  /** Its stamps stay as they are: offered again after a reset, or others may have built on it. */
  readonly fixed?: boolean;
  /** It says nothing new: what was acknowledged is sealed under a newer key, or dropped from the bin. Where it is refused, nothing is lost. */
  readonly housekeeping?: boolean;
  /** The server refused it for its time: it must be re-stamped. */
  readonly late?: boolean;
}

/** All that a device knows of one record: what the server acknowledged, and the person's edits above it. Immutable. */
export interface RecordState {
  readonly space: string;
  readonly table: string;
  readonly id: string;
  /** Greatest sequence number seen of it in its space. */
  readonly seq: number;
  readonly acked: Readonly<Record<string, HeldField>>;
  /** Oldest first. */
  readonly pending: readonly PendingOp[];
}

/** What a field shows, whoever wrote it. */
export type ShownField = Pick<HeldField, 'v' | 'at' | 'actor' | 'origin'>;

/** Name under which a record rests. */
export const recordKey = (space: string, table: string, id: string): string => `${space}/${table}/${id}`;

/** Name of a table in a space. */
export const scopeOf = (space: string, table: string): string => `${space}/${table}`;

/** The parts of a record's key. */
export function parseRecordKey(key: string): { space: string; table: string; id: string } {
  const [space = '', table = '', id = ''] = key.split('/');
  return { space, table, id };
}

/** A record of which nothing is known yet. */
export const emptyState = (space: string, table: string, id: string): RecordState => ({ space, table, id, seq: 0, acked: {}, pending: [] });

/** A held field as the merge rule compares it: an envelope is decided by its IV, which comes first in its bytes. */
export const orderedHeld = (field: HeldField): Ordered => ({
  at: field.at,
  epoch: field.epoch,
  v: field.iv === '' ? field.v : ENVELOPE_PREFIX + field.iv,
});

/** Takes over an acknowledged field if it wins. Invariant 1: an acknowledged field only ever rises in the merge order. */
export function raiseField(state: RecordState, name: string, field: HeldField): RecordState {
  const current = state.acked[name];
  if (current && compareFields(orderedHeld(field), orderedHeld(current)) <= 0) return state;
  return { ...state, acked: { ...state.acked, [name]: field } };
}

/** What a field shows: the greater of what is acknowledged and what waits. */
export function shownField(state: RecordState, name: string): ShownField | undefined {
  let best: ShownField | undefined = state.acked[name];
  for (const { fields } of state.pending) {
    const field = fields[name];
    if (field && (!best || field.at >= best.at)) best = field;
  }
  return best;
}

/** Names of all fields that exist in any form. */
export function fieldNames(state: RecordState): string[] {
  const names = new Set(Object.keys(state.acked));
  for (const { fields } of state.pending) for (const name of Object.keys(fields)) names.add(name);
  return [...names];
}

/** All shown fields but `deletedAt`; what a restoration has voided is left out. */
export function shownFields(state: RecordState): Record<string, ShownField> {
  const deletion = shownField(state, DELETED_AT);
  const restored = deletion?.v === null ? { ...deletion, epoch: 0 } : undefined;
  const shown: Record<string, ShownField> = {};
  for (const name of fieldNames(state)) {
    const field = name === DELETED_AT ? undefined : shownField(state, name);
    if (field && !isVoid(name, { ...field, epoch: 0 }, restored)) shown[name] = field;
  }
  return shown;
}

/** Whether the record is deleted, as far as this device knows. */
export function isDeleted(state: RecordState): boolean {
  const deletion = shownField(state, DELETED_AT);
  return deletion !== undefined && deletion.v !== null;
}

/** Whether a deleted record's values were dropped: nothing of it can be restored. */
export function isPurged(state: RecordState): boolean {
  const deletion = shownField(state, DELETED_AT);
  if (!deletion || deletion.v === null) return false;
  const shown = fieldNames(state).map((name) => shownField(state, name));
  return shown.some((field) => field?.v === null && field.at === deletion.at);
}

/** Whether anything but `deletedAt` is known. */
export const hasContent = (state: RecordState): boolean => fieldNames(state).some((name) => name !== DELETED_AT);

const greatest = (fields: Readonly<Record<string, { readonly at: Stamp }>>, floor: Stamp): Stamp =>
  Object.values(fields).reduce((max, field) => maxStamp(max, field.at), floor);

/** Greatest stamp that the device knows of the record, its own waiting edits included. */
export const recordFloor = (state: RecordState): Stamp =>
  state.pending.reduce((floor, op) => greatest(op.fields, floor), greatest(state.acked, ZERO_STAMP));

/** Greatest stamp that will stay as it is: acknowledged, or of a fixed operation. */
export const ackedFloor = (state: RecordState): Stamp =>
  state.pending.reduce((floor, op) => (op.fixed ? greatest(op.fields, floor) : floor), greatest(state.acked, ZERO_STAMP));

/** Whether the record is a seed that nobody has edited. */
export const isUntouchedSeed = (state: RecordState): boolean =>
  state.seq === 0 &&
  state.pending.length === 0 &&
  Object.keys(state.acked).length > 0 &&
  Object.values(state.acked).every((field) => field.epoch === SEED_EPOCH && field.at === ZERO_STAMP);

/** The stamp by which records are ordered by change: the greatest of their fields. */
export const deriveUpdatedAt = (state: RecordState): Stamp => recordFloor(state);
