import { concatBytes, textToBytes, type Bytes } from '#base/bytes.ts';
import type { SealingKey } from './keyring.ts';
import { aesOpen, aesSeal, IV_BYTES } from './primitives.ts';

/** Seals what rests in this device's database: 12-byte IV, then ciphertext and tag. `place` is authenticated, so rows cannot be swapped. */
export type SealBytes = (key: SealingKey, place: string, input: { plain: Bytes; iv: Bytes }) => Promise<Bytes>;

/** Opens what `SealBytes` sealed for the same place; undefined when it does not open. */
export type OpenBytes = (key: SealingKey, place: string, sealed: Bytes) => Promise<Bytes | undefined>;

const placeBytes = (place: string): Bytes => textToBytes(`mana/local/1\n${place}`);

/** Seals a local row with AES-GCM-256. */
export const sealBytes: SealBytes = async (key, place, { plain, iv }) =>
  concatBytes(iv, await aesSeal(key, { iv, additional: placeBytes(place), bytes: plain }));

/** Opens a local row sealed with AES-GCM-256. */
export const openBytes: OpenBytes = (key, place, sealed) =>
  aesOpen(key, { iv: sealed.subarray(0, IV_BYTES), additional: placeBytes(place), bytes: sealed.subarray(IV_BYTES) });
