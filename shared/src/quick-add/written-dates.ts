import { addDays, dayOf, weekdayOf } from '#base/local-day.ts';
import { numberOf, partOfWord, type DayPart } from './time-words.ts';
import type { Span } from './spans.ts';

/** A day that a line names. */
export interface FoundDay extends Span {
  /** Local calendar day `YYYY-MM-DD`. */
  readonly day: string;
  readonly part?: DayPart;
}

type Groups = Readonly<Record<string, string | undefined>>;
type Reading = { readonly day: string; readonly part?: DayPart };

interface Rule {
  readonly pattern: RegExp;
  readonly read: (groups: Groups, today: string) => Reading | undefined;
}

const before = String.raw`(?<![\p{L}\p{N}_.,:/@#-])`;
const after = String.raw`(?![\p{L}\p{N}_])`;
const weekdays =
  'montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag|monday|tuesday|wednesday|thursday|friday|saturday|sunday';
const weekdayNumbers: Readonly<Record<string, number>> = { mo: 0, di: 1, tu: 1, mi: 2, we: 2, do: 3, th: 3, fr: 4, sa: 5, so: 6, su: 6 };

const rule = (body: string, read: Rule['read']): Rule => ({ pattern: new RegExp(before + body + after, 'giu'), read });

/** 0 Monday … 6 Sunday of a German or English weekday. */
const weekdayNumber = (word: string): number => (/^sonnabend/iu.test(word) ? 5 : (weekdayNumbers[word.slice(0, 2).toLowerCase()] ?? 0));

/** Today or the next day with this weekday. */
const comingWeekday = (today: string, weekday: number): string => addDays(today, (weekday - weekdayOf(today) + 7) % 7);

/** `12.12.` is the next one to come, `29.2.` the next in a leap year; with a year it is that day, past or not. */
function numeric({ date, month, year }: Groups, today: string): Reading | undefined {
  const read = (inYear: number) => dayOf(inYear, Number(month), Number(date));
  if (year !== undefined) {
    const day = read(Number(year.length === 2 ? `20${year}` : year));
    return day === undefined ? undefined : { day };
  }
  const thisYear = Number(today.slice(0, 4));
  const coming = Array.from({ length: 9 }, (_, ahead) => read(thisYear + ahead)).find((day) => day !== undefined && day >= today);
  return coming === undefined ? undefined : { day: coming };
}

/** The next day of the month with this number, today included; skips months that are too short. */
function comingDate(date: number, today: string): Reading | undefined {
  const [year, month] = [Number(today.slice(0, 4)), Number(today.slice(5, 7))];
  for (let ahead = 0; ahead < 12; ahead++) {
    const day = dayOf(year + Math.floor((month - 1 + ahead) / 12), ((month - 1 + ahead) % 12) + 1, date);
    if (day !== undefined && day >= today) return { day };
  }
  return undefined;
}

const firstOfNextMonth = (today: string): string => addDays(`${today.slice(0, 7)}-28`, 4).slice(0, 8) + '01';

const rules: readonly Rule[] = [
  rule(String.raw`(?<date>\d{1,2})\.\s?(?<month>\d{1,2})\.(?:\s?(?<year>\d{4}|\d{2})(?![\d:.]))?`, numeric),
  rule(String.raw`(?<=(?:am|zum|bis)\s+)(?<date>\d{1,2})\.(?<month>\d{1,2})(?!\.)`, numeric),
  rule(String.raw`(?<=(?:am|zum|on\s+the)\s+)(?<date>\d{1,2})(?:\.|th|st|nd|rd)(?=\s*(?:\||$))`, ({ date }, today) =>
    comingDate(Number(date), today),
  ),
  rule(String.raw`(?<base>heute|today|${weekdays})\s+in\s+(?<count>\d{1,2}|\p{L}+)\s+(?:wochen?|weeks?)`, ({ base, count }, today) => {
    const weeks = numberOf(count ?? '');
    const first = /^(?:heute|today)$/iu.test(base ?? '') ? today : comingWeekday(today, weekdayNumber(base ?? ''));
    return weeks === undefined ? undefined : { day: addDays(first, weeks * 7) };
  }),
  rule(String.raw`(?:the\s+)?day\s+after\s+tomorrow`, (_, today) => ({ day: addDays(today, 2) })),
  rule(String.raw`(?:tonight|this\s+(?<part>morning|afternoon|evening))`, ({ part }, today) => ({
    day: today,
    part: partOfWord(part ?? 'night') === 'night' ? 'evening' : (partOfWord(part ?? '') ?? 'evening'),
  })),
  rule(String.raw`(?:nächste[rns]?|kommende[rns]?)\s+wochenende|next\s+weekend`, (_, today) => ({
    day: addDays(today, 7 - weekdayOf(today) + 5),
  })),
  rule(String.raw`(?:dieses\s+|this\s+|at\s+the\s+|on\s+the\s+)?(?:wochenende|weekend)`, (_, today) => ({
    day: comingWeekday(today, 5),
  })),
  rule(
    String.raw`(?:(?<first>${weekdays})\s+)?(?:nächste[rn]?\s+woche|kommende[rn]?\s+woche|next\s+week)(?:\s+(?:on\s+|am\s+)?(?<last>${weekdays}))?`,
    (g, today) => ({
      day: addDays(today, 7 - weekdayOf(today) + weekdayNumber(g['first'] ?? g['last'] ?? 'montag')),
    }),
  ),
  rule(String.raw`(?:nächste[rn]?\s+monat|kommende[rn]?\s+monat|next\s+month)`, (_, today) => ({ day: firstOfNextMonth(today) })),
  rule(String.raw`(?:monatsende|ende\s+des\s+monats|(?:the\s+)?end\s+of\s+(?:the\s+)?month)`, (_, today) => ({
    day: addDays(firstOfNextMonth(today), -1),
  })),
  rule(
    String.raw`(?<weekday>montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag)(?<part>früh|morgen|vormittag|mittag|nachmittag|abend|nacht)`,
    (g, today) => ({
      day: comingWeekday(today, weekdayNumber(g['weekday'] ?? '')),
      ...partField(g['part']),
    }),
  ),
];

function partField(word: string | undefined): { part?: DayPart } {
  const part = word === undefined ? undefined : partOfWord(word);
  return part === undefined ? {} : { part };
}

/** Days that are written in forms of which `chrono-node` reads none, or reads them otherwise than people mean them. */
export const findWrittenDays = (line: string, today: string): readonly FoundDay[] =>
  rules.flatMap(({ pattern, read }) =>
    [...line.matchAll(pattern)].flatMap((match): FoundDay[] => {
      const reading = read(match.groups ?? {}, today);
      return reading === undefined ? [] : [{ start: match.index, end: match.index + match[0].length, ...reading }];
    }),
  );
