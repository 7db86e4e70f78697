import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import type { Bytes } from '#base/bytes.ts';
import type { Random } from '#base/random.ts';
import { RECOVERY_WORDS } from '#wire/limits.ts';
import { KEY_BYTES, wipe } from './primitives.ts';

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
