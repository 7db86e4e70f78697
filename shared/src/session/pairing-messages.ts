/**
 * Messages between the app's page `/settings/extension` and the extension's relay script in the same window.
 *
 * [Note: pairing] The extension proves nothing about itself and neither does the page: a person compares six digits.
 *
 *   relay → page   `here`       a relay has started (also sent when it starts after the page)
 *   page  → relay  `hello`      asks for an offer; the extension stays silent unless its person asked to connect
 *   relay → page   `offer`      commitment to a fresh public key and a nonce
 *   page  → relay  `challenge`  the page's own nonce
 *   relay → page   `reveal`     the key and the nonce; the page checks the commitment, both sides show `pairingCode`
 *   page  → relay  `sealed`     after the person clicked "Connect": what `session.pairExtension` sealed to that key
 *   relay → page   `done` or `refused`
 *
 * Whoever stands between the two must commit to a key before it sees the page's nonce, and name a nonce before it sees the
 * extension's: six digits then agree by luck alone, once in a million, instead of by trying keys.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import * as z from 'zod/mini';
import { bytesToB64, lengthPrefixed } from '#base/bytes.ts';
import { isUuid } from '#base/ids.ts';
import { PAIRING_CHANNEL } from './pairing-channel.ts';

/** Bytes of each side's nonce. */
export const PAIRING_NONCE_BYTES = 16;

/** How long an offer counts, in milliseconds: time to walk through the page, too little to be forgotten open. */
export const PAIRING_LIFETIME_MS = 10 * 60_000;

const b64Schema = z.string().check(z.regex(/^[A-Za-z0-9+/]+={0,2}$/, 'must be base64'), z.maxLength(8192));
const pairingIdSchema = z.string().check(z.refine(isUuid, 'must be a UUID'));
const fromPage = { channel: z.literal(PAIRING_CHANNEL), from: z.literal('page') };
const fromExtension = { channel: z.literal(PAIRING_CHANNEL), from: z.literal('extension') };

/** What the app's page says. */
export const pagePairingMessageSchema = z.discriminatedUnion('kind', [
  z.strictObject({ ...fromPage, kind: z.literal('hello') }),
  z.strictObject({ ...fromPage, kind: z.literal('challenge'), pairingId: pairingIdSchema, pageNonceB64: b64Schema }),
  z.strictObject({ ...fromPage, kind: z.literal('sealed'), pairingId: pairingIdSchema, encB64: b64Schema, ciphertextB64: b64Schema }),
]);
/** What the app's page says. */
export type PagePairingMessage = z.infer<typeof pagePairingMessageSchema>;

/**
 * Why the extension takes no part: `EXPIRED` the offer is too old or another one took its place · `OUT_OF_ORDER` this step was
 * not due · `NOT_SEALED_FOR_US` the payload does not open with the offered key · `UNAVAILABLE` the extension could not store it.
 */
export const pairingRefusalSchema = z.enum(['EXPIRED', 'OUT_OF_ORDER', 'NOT_SEALED_FOR_US', 'UNAVAILABLE']);
/** Why the extension takes no part. */
export type PairingRefusal = z.infer<typeof pairingRefusalSchema>;

/** What the extension says through its relay. */
export const extensionPairingMessageSchema = z.discriminatedUnion('kind', [
  z.strictObject({ ...fromExtension, kind: z.literal('here') }),
  z.strictObject({ ...fromExtension, kind: z.literal('offer'), pairingId: pairingIdSchema, commitmentB64: b64Schema }),
  z.strictObject({
    ...fromExtension,
    kind: z.literal('reveal'),
    pairingId: pairingIdSchema,
    extensionPublicB64: b64Schema,
    extensionNonceB64: b64Schema,
  }),
  z.strictObject({ ...fromExtension, kind: z.literal('done'), pairingId: pairingIdSchema }),
  z.strictObject({ ...fromExtension, kind: z.literal('refused'), code: pairingRefusalSchema }),
]);
/** What the extension says through its relay. */
export type ExtensionPairingMessage = z.infer<typeof extensionPairingMessageSchema>;

/** Base64 of the commitment to an extension's key and nonce. */
export const pairingCommitment = (extensionPublicB64: string, extensionNonceB64: string): string =>
  bytesToB64(sha256(lengthPrefixed(['mana/pairing/commitment/1', extensionPublicB64, extensionNonceB64])));

/** The six digits that both sides show, as text with leading zeros. */
export function pairingCode(shown: { extensionPublicB64: string; extensionNonceB64: string; pageNonceB64: string }): string {
  const digest = sha256(lengthPrefixed(['mana/pairing/code/1', shown.extensionPublicB64, shown.extensionNonceB64, shown.pageNonceB64]));
  return String(new DataView(digest.buffer, digest.byteOffset).getUint32(0) % 1_000_000).padStart(6, '0');
}
