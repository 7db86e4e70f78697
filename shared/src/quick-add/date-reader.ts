import type { ParsedResult } from 'chrono-node';
import type { FoundDay } from './written-dates.ts';

/** Reads the days of a line, in German and English at once; of two readings the given language's comes first. */
export type DateReader = (line: string, today: string, language: 'de' | 'en') => readonly FoundDay[];

type Parse = (text: string, reference: Date, option: { forwardDate: boolean }) => ParsedResult[];

const onlyMonthOrYear = /monat|month|jahr|year/iu;
const writtenYear = /\d{4}|\d\/\d{2}$/u;
const past = /^(?:letzte|vergangene|vorige|vor\s|last|past)|\sago$/iu;

const namesADay = ({ start, text }: ParsedResult): boolean =>
  start.isCertain('day') || start.isCertain('weekday') || onlyMonthOrYear.test(text);

function dayOfResult(result: ParsedResult, today: string): string | undefined {
  if (!namesADay(result) || result.end || past.test(result.text)) return undefined;
  const [year, month, date] = (['year', 'month', 'day'] as const).map((component) => String(result.start.get(component)));
  const day = `${year?.padStart(4, '0')}-${month?.padStart(2, '0')}-${date?.padStart(2, '0')}`;
  if (!/^\d{4}-\d{2}-\d{2}$/u.test(day)) return undefined;
  return day >= today || writtenYear.test(result.text) ? day : undefined;
}

/** Noon: no clock change of any zone falls on it, so the machine's own zone cannot shift the day. */
const noonOf = (day: string): Date => new Date(Number(day.slice(0, 4)), Number(day.slice(5, 7)) - 1, Number(day.slice(8)), 12);

function readWith(parse: Parse, line: string, today: string): readonly FoundDay[] {
  return parse(line, noonOf(today), { forwardDate: true }).flatMap((result): FoundDay[] => {
    const day = dayOfResult(result, today);
    return day === undefined ? [] : [{ start: result.index, end: result.index + result.text.length, day }];
  });
}

/** Loads the date grammars of both languages (28 kB gzip), when somebody begins to type. */
export async function loadDateReader(): Promise<DateReader> {
  const [german, english] = await Promise.all([import('chrono-node/de'), import('chrono-node/en')]);
  return (line, today, language) => {
    const parsers: readonly Parse[] = language === 'de' ? [german.parse, english.parse] : [english.parse, german.parse];
    return parsers.flatMap((parse) => readWith(parse, line, today));
  };
}
