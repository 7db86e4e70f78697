import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, lengthPrefixed } from '#base/bytes.ts';
import { derivedId } from '#base/derived-id.ts';
import type { SealingKey } from '#crypto/keyring.ts';

const ivBytes = 12; // AES-GCM

/**
 * A record id that every device of an account derives alike from the same parts, and that tells nothing about them:
 * a plain hash of a title or file name could be guessed by whoever holds the id. The key must serve nothing else.
 * AES of distinct blocks is a keyed hash: the block is a zero block sealed under an IV from the parts.
 */
export async function privateId(key: SealingKey, parts: readonly string[]): Promise<string> {
  const iv = sha256(lengthPrefixed(parts)).slice(0, ivBytes);
  const block = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, new Uint8Array(16));
  return derivedId('private', bytesToHex(new Uint8Array(block)));
}
