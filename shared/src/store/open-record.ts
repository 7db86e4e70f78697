import type { Table, ValuesOf } from '#modules/define-module.ts';
import type { JsonValue } from '#modules/field-kinds.ts';
import { DELETED_AT } from '#wire/deletion.ts';
import { fitsField } from './field-values.ts';
import type { StoredRecord } from './stored-record.ts';
import { deriveUpdatedAt, isPurged, isUntouchedSeed, shownField, shownFields, type RecordState, type ShownField } from './record-state.ts';
import type { FieldStamp, OpenRecord } from './store.ts';

const isoLength = 24;

/** Values of the declared fields: a value that does not fit (of a newer app, or forged) gives way to the default. Undefined when a field has neither, or nothing is known at all. */
function shownValues(table: Table, fields: Readonly<Record<string, ShownField>>): Record<string, JsonValue> | undefined {
  if (!Object.keys(table.fields).some((name) => fields[name])) return undefined;
  const values: Record<string, JsonValue> = {};
  for (const name of Object.keys(table.fields)) {
    const field = fields[name];
    const fallback = table.defaults[name];
    if (field && fitsField(table, name, field.v)) values[name] = field.v;
    else if (fallback === undefined) return undefined;
    else values[name] = fallback;
  }
  return values;
}

/** One object for each distinct stamp: most fields of a record were written together. */
function shownStamps(table: Table, fields: Readonly<Record<string, ShownField>>): Record<string, FieldStamp> {
  const known = new Map<string, FieldStamp>();
  const stamps: Record<string, FieldStamp> = {};
  for (const name of Object.keys(table.fields)) {
    const field = fields[name];
    if (!field) continue;
    const stamp = known.get(field.at) ?? { at: field.at, actor: field.actor, origin: field.origin };
    known.set(field.at, stamp);
    stamps[name] = stamp;
  }
  return stamps;
}

function createdAtOf(state: RecordState, fields: Readonly<Record<string, ShownField>>): string {
  const written = fields['createdAt']?.v;
  if (typeof written === 'string') return written;
  const first = Object.values(fields).reduce((min, field) => (field.at < min ? field.at : min), deriveUpdatedAt(state));
  return first.slice(0, isoLength);
}

/** A record as screens read it; undefined while it is not whole. */
export function openRecord(table: Table, { state }: StoredRecord): OpenRecord | undefined {
  const fields = shownFields(state);
  const values = isPurged(state) ? undefined : shownValues(table, fields);
  if (!values) return undefined;
  const deletion = shownField(state, DELETED_AT);
  return {
    id: state.id,
    space: state.space,
    table: table.name,
    values,
    stamps: shownStamps(table, fields),
    createdAt: createdAtOf(state, fields),
    deletedAt: typeof deletion?.v === 'string' ? deletion.v : null,
    updatedAt: deriveUpdatedAt(state),
    pending: state.pending.some(({ housekeeping }) => !housekeeping),
    seed: isUntouchedSeed(state),
  };
}

/** The values of a record of this table, which fit its fields because they were opened by them; undefined for a record of another table. */
export const valuesIn = <OneTable extends Table>(table: OneTable, record: OpenRecord): ValuesOf<OneTable> | undefined =>
  record.table === table.name ? (record.values as ValuesOf<OneTable>) : undefined;
