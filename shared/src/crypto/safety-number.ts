import { wordlist } from '@scure/bip39/wordlists/english.js';
import { bytesToB64, lengthPrefixed, textToBytes } from '#base/bytes.ts';
import { pbkdf2 } from './primitives.ts';
import { identityFingerprint, type PublicIdentity } from './space-sharing.ts';

/** Words of a safety number. */
export const SAFETY_WORDS = 6;

/** Six words are 66 bits, and a liar may choose both sides: stretching makes each try cost what 600,000 hashes cost. */
const iterations = 600_000;
const bitsPerWord = 11;
const bytesNeeded = Math.ceil((SAFETY_WORDS * bitsPerWord) / 8);

/** Six words that both people see alike, and that change when either identity does; about 0.1 s on a laptop. */
export async function safetyNumber(one: PublicIdentity, other: PublicIdentity): Promise<readonly string[]> {
  const both = [one, other].map((identity) => bytesToB64(identityFingerprint(identity))).toSorted();
  const bytes = await pbkdf2(lengthPrefixed(both), { salt: textToBytes('mana/safety-number/1'), iterations, length: bytesNeeded });
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
  return Array.from({ length: SAFETY_WORDS }, (_, index) => {
    const place = Number.parseInt(bits.slice(index * bitsPerWord, (index + 1) * bitsPerWord), 2);
    return wordlist[place] ?? '';
  });
}
