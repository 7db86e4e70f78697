import { textToBytes } from '#base/bytes.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { Table } from '#modules/define-module.ts';
import { commonStructural, isStructural } from '#modules/define-tables.ts';
import { instant, type JsonValue } from '#modules/field-kinds.ts';
import { MAX_BODY_BYTES, MAX_FIELD_BYTES, MAX_STRUCTURAL_LENGTH } from '#wire/limits.ts';
import { ENVELOPE_PREFIX } from '#wire/envelope-form.ts';
import type { StoreFailure } from './failures.ts';

/** Values of fields by name. */
export type FieldValues = Readonly<Record<string, JsonValue>>;

const ivTextLength = 16;
const tagBytes = 16;
/** Room that an operation leaves for its ids, names and stamps in the body of a push, in bytes. */
const opOverheadBytes = 64 * 1024;

const sizeOf = (value: JsonValue): number => {
  const plainBytes = textToBytes(JSON.stringify(value)).length + tagBytes;
  return ENVELOPE_PREFIX.length + ivTextLength + 1 + Math.ceil(plainBytes / 3) * 4;
};

/** Checks that an operation fits into a push: each field, and all of them together. */
export function checkSizes(table: Table, values: FieldValues): StoreFailure | undefined {
  let total = 0;
  for (const [name, value] of Object.entries(values)) {
    if (isStructural(table.declaration, name)) {
      if (typeof value === 'string' && value.length > MAX_STRUCTURAL_LENGTH) return { code: 'FIELD_TOO_LARGE', path: name };
      continue;
    }
    const bytes = sizeOf(value);
    total += bytes;
    if (bytes > MAX_FIELD_BYTES || total > MAX_BODY_BYTES - opOverheadBytes) return { code: 'FIELD_TOO_LARGE', path: name };
  }
  return undefined;
}

/**
 * Reads values by the kinds of their table's fields. A name that is not declared is refused, above all one that differs from a
 * declared name only in case: it would be sealed under a name that no screen reads, or pass for a structural field.
 */
export function parseValues(table: Table, values: Readonly<Record<string, unknown>>): Result<FieldValues, StoreFailure> {
  const parsed: Record<string, JsonValue> = {};
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) continue;
    const kind = Object.hasOwn(table.fields, name) ? table.fields[name] : name === 'createdAt' ? instant : undefined;
    const read = kind?.read(value);
    if (read === undefined) return err({ code: 'INVALID_VALUE', path: name });
    parsed[name] = read;
  }
  return ok(parsed);
}

/** The values of a new record: what is left out takes its default, and what has none is missed. */
export function completeValues(table: Table, values: FieldValues): Result<FieldValues, StoreFailure> {
  const complete = { ...table.defaults, ...values };
  const missing = Object.keys(table.fields).find((name) => !Object.hasOwn(complete, name));
  return missing === undefined ? ok(complete) : err({ code: 'INVALID_VALUE', path: missing });
}

/** Whether a stored value may be shown as this field. */
export function fitsField(table: Table, name: string, value: JsonValue): boolean {
  const kind = Object.hasOwn(table.fields, name) ? table.fields[name] : undefined;
  return kind?.read(value) !== undefined;
}

/** Whether two JSON values are the same. */
export const sameValue = (a: JsonValue | undefined, b: JsonValue | undefined): boolean =>
  a === b || (typeof a === 'object' && typeof b === 'object' && JSON.stringify(a) === JSON.stringify(b));

/** Whether a name is a field that comes with every table. */
export const isCommonField = (name: string): boolean => Object.hasOwn(commonStructural, name);
