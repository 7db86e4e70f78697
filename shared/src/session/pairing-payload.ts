import * as z from 'zod/mini';
import { b64ToBytes, bytesToB64, bytesToText, lengthPrefixed, textToBytes, type Bytes } from '#base/bytes.ts';
import type { Random } from '#base/random.ts';
import { hpkeOpen, hpkeSeal, makeSealingPair, type SealedTo } from '#crypto/hpke.ts';
import { KEY_BYTES, wipe } from '#crypto/primitives.ts';
import { uuidSchema } from '#wire/record.ts';

/** What the app hands to an extension that the person connects. */
export interface PairingPayload {
  readonly accountId: string;
  readonly accountKey: Bytes;
  readonly refreshToken: string;
}

const payloadSchema = z.strictObject({
  version: z.literal(1),
  accountId: uuidSchema,
  accountKeyB64: z.string(),
  refreshToken: z.string(),
});

const info = lengthPrefixed(['mana/pairing/1']);

/** A fresh key pair of an extension that asks to be connected. */
export async function newPairingKeyPair(random: Random): Promise<{ publicB64: string; privateB64: string }> {
  const { publicKey, privateKey } = await makeSealingPair(random);
  return { publicB64: bytesToB64(publicKey), privateB64: bytesToB64(privateKey) };
}

/** Seals the payload to an extension's public key and wipes the account key; undefined when the public key is none. */
export async function sealPairingPayload(extensionPublicB64: string, payload: PairingPayload): Promise<SealedTo | undefined> {
  const { accountId, accountKey, refreshToken } = payload;
  const plain = textToBytes(JSON.stringify({ version: 1, accountId, accountKeyB64: bytesToB64(accountKey), refreshToken }));
  wipe(accountKey);
  try {
    return await hpkeSeal({ recipientPublic: b64ToBytes(extensionPublicB64), info }, plain);
  } catch {
    return undefined;
  } finally {
    wipe(plain);
  }
}

/** Opens the payload with the extension's private key; undefined when it was sealed to another one. */
export async function openPairingPayload(privateB64: string, sealed: SealedTo): Promise<PairingPayload | undefined> {
  const plain = await hpkeOpen({ recipientPrivate: b64ToBytes(privateB64), info }, sealed);
  const parsed = plain && payloadSchema.safeParse(JSON.parse(bytesToText(plain)));
  if (plain) wipe(plain);
  if (!parsed?.success) return undefined;
  const { accountId, accountKeyB64, refreshToken } = parsed.data;
  const accountKey = b64ToBytes(accountKeyB64);
  return accountKey.length === KEY_BYTES ? { accountId, accountKey, refreshToken } : undefined;
}
