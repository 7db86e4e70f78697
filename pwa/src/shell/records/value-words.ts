import type { JsonValue } from '@mana/shared/modules/field-kinds';
import { m } from '#messages';

/** A stored value as a person reads it, whatever its field. */
export function valueWords(value: JsonValue): string {
  if (value === null || value === '') return m.history_nothing();
  if (typeof value === 'boolean') return value ? m.history_yes() : m.history_no();
  if (Array.isArray(value)) return value.length === 0 ? m.history_nothing() : value.map((item: JsonValue) => valueWords(item)).join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
