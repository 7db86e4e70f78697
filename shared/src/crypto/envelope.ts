import type { Bytes } from '#base/bytes.ts';
import type { Result } from '#base/result.ts';
import type { SealingKey } from './keyring.ts';

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
