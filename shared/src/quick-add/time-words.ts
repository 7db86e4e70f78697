/** A part of the day as people name it. */
export type DayPart = 'morning' | 'noon' | 'afternoon' | 'evening' | 'night';

/** Minutes since midnight that a part of the day stands for when no clock time is given. */
export const partMinutes: Readonly<Record<DayPart, number>> = {
  morning: 9 * 60,
  noon: 12 * 60,
  afternoon: 15 * 60,
  evening: 18 * 60,
  night: 22 * 60,
};

const numberWords: Readonly<Record<string, number>> = {
  ein: 1,
  eins: 1,
  eine: 1,
  einer: 1,
  one: 1,
  a: 1,
  an: 1,
  zwei: 2,
  two: 2,
  drei: 3,
  three: 3,
  vier: 4,
  four: 4,
  fünf: 5,
  five: 5,
  sechs: 6,
  six: 6,
  sieben: 7,
  seven: 7,
  acht: 8,
  eight: 8,
  neun: 9,
  nine: 9,
  zehn: 10,
  ten: 10,
  elf: 11,
  eleven: 11,
  zwölf: 12,
  twelve: 12,
};

/** Alternatives of a pattern that names an hour in words. */
export const hourWords = Object.keys(numberWords)
  .filter((word) => !['a', 'an', 'ein', 'eine', 'einer'].includes(word))
  .join('|');

/** The number of digits or of a German or English number word; undefined for anything else. */
export const numberOf = (text: string): number | undefined => (/^\d+$/u.test(text) ? Number(text) : numberWords[text.toLowerCase()]);

/** Pattern of a part of the day behind a day or a time: `abends`, `früh`, `in the evening`. */
export const partPattern = String.raw`(?:in\s+the\s+|am\s+)?(?:früh(?:morgens)?|morgens?|vormittags?|mittags?|nachmittags?|abends?|nachts?|morning|noon|afternoon|evening|night)(?![\p{L}\p{N}_])`;

const partsByBeginning: readonly (readonly [RegExp, DayPart])[] = [
  [/(?:nachmittag|afternoon)/iu, 'afternoon'],
  [/(?:früh|vormittag|morgen|morning)/iu, 'morning'],
  [/(?:mittag|noon)/iu, 'noon'],
  [/(?:abend|evening)/iu, 'evening'],
  [/(?:nacht|night)/iu, 'night'],
];

/** The part of the day that a word names. */
export const partOfWord = (word: string): DayPart | undefined => partsByBeginning.find(([pattern]) => pattern.test(word))?.[1];

/**
 * A clock time under a part of the day: `8 abends` is 20:00. Without one, an hour that has two readings
 * and would lie before 7 in the morning is in the afternoon: `halb drei` is 14:30.
 */
export function resolveMinutes(minutes: number, literal: boolean, part: DayPart | undefined): number {
  const noon = 12 * 60;
  if (minutes >= noon || part === 'morning') return minutes;
  if (part === 'afternoon' || part === 'evening') return minutes + noon;
  if (part === 'night') return minutes >= 6 * 60 ? minutes + noon : minutes;
  return literal || minutes >= 7 * 60 ? minutes : minutes + noon;
}
