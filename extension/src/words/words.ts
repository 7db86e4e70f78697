import { de } from './de.ts';
import { en, type Words } from './en.ts';

export type Language = 'de' | 'en';

/** The language to speak for a browser's language tag. */
export const languageOf = (tag: string): Language => (/^de\b/i.test(tag) ? 'de' : 'en');

export const wordsOf = (language: Language): Words => (language === 'de' ? de : en);
