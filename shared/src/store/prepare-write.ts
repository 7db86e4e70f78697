import { maxStamp, nextStamp, stampMs, ZERO_STAMP, type DeviceId, type Stamp } from '#base/hybrid-clock.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { Table } from '#modules/define-module.ts';
import { isStructural } from '#modules/define-tables.ts';
import type { JsonValue } from '#modules/field-kinds.ts';
import { DELETED_AT } from '#wire/deletion.ts';
import type { Origin } from '#wire/record.ts';
import type { Reading } from './device-clock.ts';
import type { StoreFailure } from './failures.ts';
import { checkSizes, completeValues, parseValues, sameValue, type FieldValues } from './field-values.ts';
import { lossOf, type Loss } from './losses.ts';
import {
  ackedFloor,
  fieldNames,
  hasContent,
  isDeleted,
  isPurged,
  isUntouchedSeed,
  recordFloor,
  shownField,
  shownFields,
  type PendingField,
  type PendingOp,
  type RecordState,
} from './record-state.ts';
import type { Write } from './store.ts';

/** By whom, when and how a write is made. */
export interface WriteContext {
  readonly actor: string;
  readonly origin: Origin;
  readonly device: DeviceId;
  readonly reading: Reading;
  readonly newOp: () => string;
  /** What is stamped stands above this too: it leaves the device behind what bears that stamp. */
  readonly after?: Stamp;
  /** Operations that left and were not answered: nothing joins them. */
  readonly isSent: (op: string) => boolean;
}

/** What it takes to undo one write. */
export interface UndoStep {
  readonly table: string;
  readonly space: string;
  readonly id: string;
  readonly kind: 'created' | 'changed' | 'removed' | 'restored';
  readonly before: FieldValues;
  readonly after: FieldValues;
}

/** A record's next state after one write; `undo` is missing when the write changes nothing. */
export interface PreparedWrite {
  readonly state: RecordState;
  readonly undo?: UndoStep;
  readonly losses: readonly Loss[];
  readonly at?: Stamp;
}

type Prepared = Result<PreparedWrite, StoreFailure>;

interface Target {
  readonly state: RecordState;
  readonly table: Table;
  readonly context: WriteContext;
}

const noSuchRecord = err({ code: 'NO_SUCH_RECORD' } as const);

/**
 * Turns one write into the record's next state.
 * Invariant 1: its stamp is above every stamp the device knows of the record. Invariant 2: a write that changes nothing makes no edit.
 * Invariant 3: the first edit of a seed carries the whole record, untouched fields at the zero stamp.
 * Invariant 4: a restoration writes every known field. Invariant 5: an edit joins a waiting one only if neither was sent, neither deletes or
 * restores, and both were made on the same acknowledged state. Invariant 6: a write to a singleton carries the named fields only:
 * what else it holds may be known to other devices already.
 */
export function prepareWrite(target: Target, write: Write): Prepared {
  if (target.table.declaration.singleton) return prepareSingleton(target, write);
  switch (write.kind) {
    case 'put':
      return preparePut(target, write.values);
    case 'patch':
      return preparePatch(target, write.values);
    case 'remove':
      return prepareRemove(target);
    case 'restore':
      return prepareRestore(target, {});
    case 'purge':
      return preparePurge(target);
  }
}

/** A singleton is there for everybody, also before anything of it has arrived: it is changed, never made, and never removed. */
function prepareSingleton(target: Target, write: Write): Prepared {
  const { state, table } = target;
  if (write.kind === 'remove' || write.kind === 'purge') return err({ code: 'INVALID_VALUE', path: table.name });
  if (write.kind === 'restore') return prepareRestore(target, {});
  const values = parseValues(table, write.values);
  if (!values.ok) return values;
  return isDeleted(state) && hasContent(state) ? prepareRestore(target, values.value) : prepareValues(target, values.value);
}

function preparePut(target: Target, raw: Readonly<Record<string, unknown>>): Prepared {
  const { state, table } = target;
  const values = parseValues(table, raw);
  if (!values.ok) return values;
  if (hasContent(state) && !isPurged(state))
    return isDeleted(state) ? prepareRestore(target, values.value) : prepareValues(target, values.value);
  const complete = completeValues(table, values.value);
  if (!complete.ok) return complete;
  // Of a purged record every field is written again, or the restoration would not be whole.
  const emptied = isPurged(state) ? Object.fromEntries(fieldNames(state).map((name) => [name, null])) : {};
  return edit(target, 'created', (at) => ({ ...emptied, createdAt: at.slice(0, isoLength), ...complete.value }));
}

function preparePatch(target: Target, raw: Readonly<Record<string, unknown>>): Prepared {
  if (isDeleted(target.state) || !hasContent(target.state)) return noSuchRecord;
  const values = parseValues(target.table, raw);
  return values.ok ? prepareValues(target, values.value) : values;
}

function prepareValues(target: Target, values: FieldValues): Prepared {
  const shown = valuesBefore(target);
  const changed = Object.fromEntries(Object.entries(values).filter(([name, value]) => !sameValue(shown(name), value)));
  if (Object.keys(changed).length === 0) return ok({ state: target.state, losses: [] });
  return edit(target, 'changed', () => changed);
}

/** What screens show of a field: where the record does not hold it, the default. */
function valuesBefore({ state, table }: Target): (name: string) => JsonValue | undefined {
  const shown = shownFields(state);
  return (name) => {
    const field = shown[name];
    return field ? field.v : table.defaults[name];
  };
}

function prepareRemove(target: Target): Prepared {
  if (isDeleted(target.state) || !hasContent(target.state)) return noSuchRecord;
  return edit(target, 'removed', (at) => ({ [DELETED_AT]: at.slice(0, isoLength) }));
}

/** The deletion is written again and every sealed value is emptied, by one stamp: older edits lose to it, and other devices drop what they keep. */
function preparePurge(target: Target): Prepared {
  const { state, table } = target;
  const deletion = shownField(state, DELETED_AT);
  if (!deletion || deletion.v === null || !hasContent(state) || isPurged(state)) return noSuchRecord;
  const sealed = fieldNames(state).filter((name) => !isStructural(table.declaration, name));
  const emptied = Object.fromEntries(sealed.map((name) => [name, null]));
  // Right above what it drops: what was written since, and is not here yet, is not dropped unseen.
  const { reading } = target.context;
  const floorMs = Math.min(reading.ms, stampMs(recordFloor(state)));
  const context = { ...target.context, reading: { ...reading, ms: floorMs, madeMs: reading.madeMs - (reading.ms - floorMs) } };
  const purged = edit({ ...target, context }, 'removed', () => ({ ...emptied, [DELETED_AT]: deletion.v }));
  if (!purged.ok) return purged;
  // There is no way back; and where something newer is there, nothing of it was anybody's edit.
  const pending = purged.value.state.pending.map((op, place, all) => (place === all.length - 1 ? { ...op, housekeeping: true } : op));
  return ok({
    state: { ...purged.value.state, pending },
    losses: purged.value.losses,
    ...(purged.value.at ? { at: purged.value.at } : {}),
  });
}

function prepareRestore(target: Target, values: FieldValues): Prepared {
  const { state } = target;
  if (!isDeleted(state) || !hasContent(state) || isPurged(state)) return noSuchRecord;
  const whole: Record<string, JsonValue> = { [DELETED_AT]: null };
  for (const name of fieldNames(state)) {
    const field = name === DELETED_AT ? undefined : shownField(state, name);
    if (field) whole[name] = field.v;
  }
  return edit(target, 'restored', () => ({ ...whole, ...values }));
}

const isoLength = 24;

function edit({ state, table, context }: Target, kind: UndoStep['kind'], valuesAt: (at: Stamp) => FieldValues): Prepared {
  const at = nextStamp(context.reading.ms, context.device, maxStamp(recordFloor(state), context.after ?? ZERO_STAMP));
  const values = valuesAt(at);
  const stamp = { at, actor: context.actor, origin: context.origin };
  const fields: Record<string, PendingField> = kind === 'removed' ? {} : seedFields(state, context);
  for (const [name, v] of Object.entries(values)) fields[name] = { v, ...stamp };
  const tooLarge = checkSizes(table, Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field.v])));
  if (tooLarge) return err(tooLarge);

  const op: PendingOp = {
    op: context.newOp(),
    fields,
    madeMs: context.reading.madeMs,
    trusted: context.reading.trusted,
    base: ackedFloor(state),
  };
  const undo = {
    table: state.table,
    space: state.space,
    id: state.id,
    kind,
    // Only a change is taken back by its values: the other kinds are taken back as a whole.
    before: kind === 'changed' ? namedValues(values, valuesBefore({ state, table, context })) : {},
    after: kind === 'changed' ? values : {},
  };
  const pending = enqueue(state, op, { table, context });
  return ok({ state: { ...state, pending }, undo, losses: beatenBefore(state, op), at });
}

function namedValues(names: FieldValues, valueOf: (name: string) => JsonValue | undefined): FieldValues {
  return Object.fromEntries(
    Object.keys(names).flatMap((name) => {
      const value = valueOf(name);
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}

/** The untouched fields of a seed, at the zero stamp: they lose to every edit of another device. */
function seedFields(state: RecordState, { actor }: WriteContext): Record<string, PendingField> {
  if (!isUntouchedSeed(state)) return {};
  return Object.fromEntries(
    Object.entries(state.acked).map(([name, field]) => [name, { v: field.v, at: ZERO_STAMP, actor, origin: 'system' as const }]),
  );
}

const touchesDeletion = (op: PendingOp): boolean => Object.hasOwn(op.fields, DELETED_AT);

function canJoin(last: PendingOp, op: PendingOp, { table, context }: Omit<Target, 'state'>): boolean {
  if (context.isSent(last.op) || last.fixed || last.late || last.trusted !== op.trusted || last.base !== op.base) return false;
  if (touchesDeletion(last) || touchesDeletion(op)) return false;
  const values = Object.fromEntries(Object.entries({ ...last.fields, ...op.fields }).map(([name, field]) => [name, field.v]));
  return checkSizes(table, values) === undefined;
}

/** Puts an edit behind those that wait, or joins it with the last. */
function enqueue(state: RecordState, op: PendingOp, parts: Omit<Target, 'state'>): PendingOp[] {
  const last = state.pending.at(-1);
  if (!last || !canJoin(last, op, parts)) return [...state.pending, op];
  return [...state.pending.slice(0, -1), { ...op, fields: { ...last.fields, ...op.fields } }];
}

/** Waiting values that had lost to something newer before this edit came over both: nobody has seen them go. */
function beatenBefore(state: RecordState, op: PendingOp): Loss[] {
  return state.pending.flatMap(({ fields, housekeeping }) =>
    Object.keys(housekeeping ? {} : op.fields).flatMap((name) => {
      const [lost, winner] = [fields[name], state.acked[name]];
      return lost && winner && winner.at > lost.at ? lossOf(state, { name, lost, winner, conflict: true }) : [];
    }),
  );
}
