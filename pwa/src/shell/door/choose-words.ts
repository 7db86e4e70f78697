import type { Random } from '@mana/shared/base/random';

/** Words that are typed again: enough to show that the code was written down. */
const ASKED = 3;

/** Places of the words that the person types again, in their order; each word is as likely. */
export function chooseWords(random: Random, count: number): readonly number[] {
  const places = new Set<number>();
  while (places.size < Math.min(ASKED, count)) {
    const byte = random.bytes(1)[0] ?? 0;
    if (byte < 256 - (256 % count)) places.add(byte % count);
  }
  return [...places].toSorted((a, b) => a - b);
}
