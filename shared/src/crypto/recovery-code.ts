import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { lengthPrefixed, type Bytes } from '#base/bytes.ts';
import type { Random } from '#base/random.ts';
import { RECOVERY_WORDS } from '#wire/limits.ts';
import { hkdfBits, importHkdfKey, KEY_BYTES, publicKeyOf, wipe } from './primitives.ts';
import type { SealingPair } from './hpke.ts';

/** A fresh recovery code. */
export function makeRecoveryCode(random: Random): readonly string[] {
  const entropy = random.bytes(KEY_BYTES);
  const words = entropyToMnemonic(entropy, wordlist).split(' ');
  wipe(entropy);
  return words;
}

/** The 32 bytes of a recovery code as typed (any case and spacing); undefined when a word is unknown or the checksum is wrong. */
export function recoverySecret(words: readonly string[]): Bytes | undefined {
  const typed = words.map((word) => word.trim().toLowerCase()).filter((word) => word !== '');
  if (typed.length !== RECOVERY_WORDS) return undefined;
  try {
    return new Uint8Array(mnemonicToEntropy(typed.join(' '), wordlist));
  } catch {
    return undefined;
  }
}

/** The key pair of a recovery code: what recovery needs is sealed to its public half, so that nobody without the code learns anything. */
export async function recoveryOpener(secret: Bytes): Promise<SealingPair> {
  const base = await importHkdfKey(secret);
  const privateKey = await hkdfBits(base, { info: lengthPrefixed(['mana/recovery-opener/1']), salt: new Uint8Array(0), length: KEY_BYTES });
  return { privateKey, publicKey: await publicKeyOf('X25519', privateKey) };
}

/** Words as typed that are no words of any code, in their order: what is shown where a code is mistyped. */
export const strangeWords = (words: readonly string[]): readonly string[] => words.filter((word) => !known.has(word.trim().toLowerCase()));

const known: ReadonlySet<string> = new Set(wordlist);
