import { b64ToBytes, bytesToB64, bytesToText, lengthPrefixed, textToBytes, type Bytes } from '#base/bytes.ts';
import { err, ok, type Result } from '#base/result.ts';
import { ENVELOPE_PREFIX, isEnvelope } from '#wire/envelope-form.ts';
import type { SealingKey } from './keyring.ts';
import { aesOpen, aesSeal } from './primitives.ts';

/** Where a field's value belongs: all of it is authenticated with the ciphertext. */
export interface FieldPlace {
  readonly space: string;
  readonly epoch: number;
  readonly table: string;
  readonly id: string;
  readonly field: string;
  readonly at: string;
  readonly actor: string;
  readonly origin: string;
}

/** Why an envelope did not open: not one, or not sealed for this place by this key. */
export type OpenFailure = 'MALFORMED' | 'TAMPERED';

/** Seals a JSON value for its place: `enc:1:<b64 iv>.<b64 ciphertext and tag>`. The IV must be 12 fresh random bytes. */
export type SealField = (key: SealingKey, place: FieldPlace, input: { value: unknown; iv: Bytes }) => Promise<string>;

/** Opens an envelope at its place. */
export type OpenField = (key: SealingKey, place: FieldPlace, envelope: string) => Promise<Result<unknown, OpenFailure>>;

const placeBytes = ({ space, epoch, table, id, field, at, actor, origin }: FieldPlace): Bytes =>
  lengthPrefixed([ENVELOPE_PREFIX, space, String(epoch), table, id, field, at, actor, origin]);

/** Seals a field's value. */
export const sealField: SealField = async (key, place, { value, iv }) => {
  const bytes = textToBytes(JSON.stringify(value));
  const sealed = await aesSeal(key, { iv, additional: placeBytes(place), bytes });
  return `${ENVELOPE_PREFIX}${bytesToB64(iv)}.${bytesToB64(sealed)}`;
};

/** Opens a field's envelope. Text in another base64 form of the same bytes is malformed: an envelope has one spelling. */
export const openField: OpenField = async (key, place, envelope) => {
  if (!isEnvelope(envelope)) return err('MALFORMED');
  const [ivB64 = '', sealedB64 = ''] = envelope.slice(ENVELOPE_PREFIX.length).split('.');
  const iv = b64ToBytes(ivB64);
  const bytes = b64ToBytes(sealedB64);
  if (bytesToB64(bytes) !== sealedB64) return err('MALFORMED');
  const plain = await aesOpen(key, { iv, additional: placeBytes(place), bytes });
  if (!plain) return err('TAMPERED');
  try {
    return ok(JSON.parse(bytesToText(plain)) as unknown);
  } catch {
    return err('MALFORMED');
  }
};
