import { allTables } from '@mana/shared/modules/all-tables';
import { isStructural } from '@mana/shared/modules/define-tables';
import type { RejectionCode } from '@mana/shared/wire/failures';
import { MAX_FIELD_BYTES, MAX_STRUCTURAL_LENGTH } from '@mana/shared/wire/limits';
import { DELETED_AT } from '@mana/shared/wire/deletion';
import { isEnvelope } from '@mana/shared/wire/envelope-form';
import type { WireField, WireValue } from '@mana/shared/wire/record';

const isoTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** Why a field's value may not be stored: an encrypted field in plaintext above all, whoever sends it. */
export function fieldRejection(table: string, name: string, { v }: WireField): RejectionCode | undefined {
  // Envelopes are ASCII, and structural text is far below the limit: characters are bytes here.
  if (typeof v === 'string' && v.length > MAX_FIELD_BYTES) return 'FIELD_TOO_LARGE';
  const declaration = Object.hasOwn(allTables, table) ? allTables[table] : undefined;
  if (isStructural(declaration, name)) return isStructuralValue(name, v) ? undefined : 'STRUCTURAL_MALFORMED';
  return v === null || isEnvelope(v) ? undefined : 'PLAINTEXT_REFUSED';
}

function isStructuralValue(name: string, value: WireValue): boolean {
  if (name === DELETED_AT) return value === null || (typeof value === 'string' && isoTime.test(value) && !Number.isNaN(Date.parse(value)));
  if (typeof value !== 'string') return true;
  return value.length <= MAX_STRUCTURAL_LENGTH && !value.includes('\0') && value.isWellFormed();
}
