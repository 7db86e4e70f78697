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

/** The most that JSON makes of one character of a text, in bytes: an escaped control character. */
const maxBytesPerCharacter = 6;
/** More than JSON makes of a number, a truth value or null, in bytes. */
const maxScalarBytes = 32;

const exactBytes = (value: JsonValue): number => textToBytes(JSON.stringify(value)).length;

/** At least the size of a value, told by its length where that is possible: an encoder costs more than the rest of the check. */
function mostBytes(value: JsonValue): number {
  if (typeof value === 'string') return value.length * maxBytesPerCharacter + 2;
  return typeof value === 'object' && value !== null ? exactBytes(value) : maxScalarBytes;
}

const envelopeBytes = (plainBytes: number): number =>
  ENVELOPE_PREFIX.length + ivTextLength + 1 + Math.ceil((plainBytes + tagBytes) / 3) * 4;

function fieldTooLarge(table: Table, values: FieldValues, bytesOf: (value: JsonValue) => number): StoreFailure | undefined {
  let total = 0;
  for (const [name, value] of Object.entries(values)) {
    if (isStructural(table.declaration, name)) {
      if (typeof value === 'string' && value.length > MAX_STRUCTURAL_LENGTH) return { code: 'FIELD_TOO_LARGE', path: name };
      continue;
    }
    const bytes = envelopeBytes(bytesOf(value));
    total += bytes;
    if (bytes > MAX_FIELD_BYTES || total > MAX_BODY_BYTES - opOverheadBytes) return { code: 'FIELD_TOO_LARGE', path: name };
  }
  return undefined;
}

/** Checks that an operation fits into a push: each field, and all of them together. Measured is only what might be too large. */
export const checkSizes = (table: Table, values: FieldValues): StoreFailure | undefined =>
  fieldTooLarge(table, values, mostBytes) && fieldTooLarge(table, values, exactBytes);

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
