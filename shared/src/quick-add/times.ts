import { localMoment } from '#base/local-day.ts';
import { hourWords, numberOf, partPattern, partOfWord, type DayPart } from './time-words.ts';
import type { Span } from './spans.ts';

/** A time of day that a line names. */
export interface FoundTime extends Span {
  /** Minutes since midnight as written. */
  readonly minutes: number;
  /** Whether it was written in a way that has no second reading: `14:30`, `6 Uhr`, `9am`; not `um 3`. */
  readonly literal: boolean;
  readonly part?: DayPart;
  /** Local day, where the time says it itself: `in 2 Stunden`. */
  readonly day?: string;
}

interface Rule {
  readonly pattern: RegExp;
  readonly read: (groups: Readonly<Record<string, string | undefined>>, where: { nowMs: number; timeZone?: string }) => Reading | undefined;
}

type Reading = Pick<FoundTime, 'minutes' | 'literal' | 'day'>;

const before = String.raw`(?<![\p{L}\p{N}_.,:/@#€$+-]|\p{N}\s?[-–]\s?)`;
const after = String.raw`(?![\p{L}\p{N}_]|[:.,]\d|\s?[-–]\s?\d|\s+(?:bis|to|until)\s+\d)`;
const lead = String.raw`(?:(?:um|gegen|ab|bis|spätestens|at|around|by|from|until|till)\s+)`;
const suffix = String.raw`(?:\s+(?<part>${partPattern}))?`;
const meridiem = String.raw`(?<meridiem>[ap]\.?m\.?)`;
const hours = String.raw`\d{1,2}|${hourWords}`;
const germanAfterAm = String.raw`(?!\s+(?:\d|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|tag|abend|morgen|mittag|nachmittag|vormittag|ende|anfang|ersten|wochenende|stück|besten))`;
const notACount = String.raw`(?!\s*(?:[€$%°]|euro|prozent|percent|tagen?|stunden?|minuten?|wochen?|monaten?|jahren?|days?|hours?|minutes?|weeks?|months?|years?|km|kg|mal|people|personen|street|st\.|main))`;

const rule = (body: string, read: Rule['read']): Rule => ({ pattern: new RegExp(before + body, 'giu'), read });

function clock(hourText: string | undefined, minuteText: string | undefined, meridiemText?: string): number | undefined {
  const hour = numberOf(hourText ?? '');
  const minute = Number(minuteText ?? '0');
  if (hour === undefined || minute > 59) return undefined;
  if (meridiemText === undefined) return hour <= 23 ? hour * 60 + minute : undefined;
  if (hour < 1 || hour > 12) return undefined;
  const isPm = meridiemText.toLowerCase().startsWith('p');
  return ((hour % 12) + (isPm ? 12 : 0)) * 60 + minute;
}

const literal = (minutes: number | undefined): Reading | undefined => (minutes === undefined ? undefined : { minutes, literal: true });

/** Minutes around an hour on a twelve-hour dial: `halb drei` is 2:30. */
function dial(hourText: string | undefined, offsetMinutes: number): Reading | undefined {
  const hour = numberOf(hourText ?? '');
  if (hour === undefined || hour < 1 || hour > 24) return undefined;
  return { minutes: (hour * 60 + offsetMinutes + 1440) % 1440, literal: hour > 12 };
}

const minutesPerUnit = (unit: string): number => (/^(?:h|st|ho)/iu.test(unit) ? 60 : 1);

const rules: readonly Rule[] = [
  rule(String.raw`in\s+(?<half>einer halben|half an)\s+(?:stunde|hour)${after}`, (_, where) => inMinutes(30, where)),
  rule(
    String.raw`in\s+(?<count>\d{1,4}|${hourWords}|einer?|an?)\s*(?<unit>stunden?|std\.?|h|minuten?|min\.?|hours?|hrs?|minutes?|mins?)${after}`,
    ({ count, unit }, where) => inMinutes((numberOf(count ?? '') ?? 1) * minutesPerUnit(unit ?? ''), where),
  ),
  rule(String.raw`${lead}?(?<hour>\d{1,2}):(?<minute>[0-5]\d)(?:\s*(?:uhr|h|${meridiem}))?${suffix}${after}`, (g) =>
    literal(clock(g.hour, g.minute, g.meridiem)),
  ),
  rule(String.raw`${lead}(?<hour>\d{1,2})\.(?<minute>[0-5]\d)(?!\.)${suffix}${after}`, (g) => literal(clock(g.hour, g.minute))),
  rule(String.raw`${lead}?(?<hour>\d{1,2})\.(?<minute>[0-5]\d)\s*(?:uhr|${meridiem})${suffix}${after}`, (g) =>
    literal(clock(g.hour, g.minute, g.meridiem)),
  ),
  rule(String.raw`${lead}?(?<hour>${hours})\s*uhr(?:\s*(?<minute>[0-5]\d)(?!\d))?${suffix}${after}`, (g) =>
    literal(clock(g.hour, g.minute)),
  ),
  rule(String.raw`${lead}?(?<hour>\d{1,2})\s?${meridiem}${germanAfterAm}${after}`, (g) => literal(clock(g.hour, undefined, g.meridiem))),
  rule(String.raw`${lead}?halb\s+(?<hour>${hours})${suffix}${notACount}${after}`, (g) => dial(g.hour, -30)),
  rule(String.raw`${lead}?dreiviertel\s+(?<hour>${hours})${suffix}${notACount}${after}`, (g) => dial(g.hour, -15)),
  rule(String.raw`${lead}?(?:viertel\s+nach|quarter\s+past)\s+(?<hour>${hours})${suffix}${after}`, (g) => dial(g.hour, 15)),
  rule(String.raw`${lead}?(?:viertel\s+vor|quarter\s+to)\s+(?<hour>${hours})${suffix}${after}`, (g) => dial(g.hour, -15)),
  rule(String.raw`${lead}?half\s+past\s+(?<hour>${hours})${suffix}${after}`, (g) => dial(g.hour, 30)),
  rule(String.raw`(?:um|gegen|at|around)\s+(?<hour>${hours})(?!\d|['’])${suffix}${notACount}${after}`, (g) => dial(g.hour, 0)),
  rule(String.raw`(?:(?:at|um)\s+)?(?:noon|midday)${after}|(?:at|um)\s+mittag${after}`, () => literal(12 * 60)),
  rule(String.raw`(?:(?:at|um)\s+)?(?:midnight|mitternacht)${after}`, () => literal(0)),
];

function inMinutes(count: number, { nowMs, timeZone }: { nowMs: number; timeZone?: string }): Reading {
  const { day, time } = localMoment(nowMs + count * 60_000, timeZone);
  return { minutes: minutesOf(time), literal: true, day };
}

/** Minutes since midnight of `HH:MM`. */
export const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

/** `HH:MM` of minutes since midnight. */
export const timeOf = (minutes: number): string =>
  `${String(Math.floor(minutes / 60) % 24).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

const rangePattern =
  /(?<![\p{N}.:/-])\d{1,2}(?:[:.]\d{2})?\s*(?:uhr|[ap]m)?\s*(?:bis|to|until|und|and|[-–])\s*\d{1,2}(?:[:.]\d{2})?\s*(?:uhr|[ap]m)?(?![\p{L}\p{N}.:/-])/giu;

/** Ranges of hours (`9 bis 11 Uhr`): a task has one time, so they stay in its title, whole. */
export const findRanges = (line: string): readonly Span[] =>
  [...line.matchAll(rangePattern)].map((match) => ({ start: match.index, end: match.index + match[0].length }));

/** The first time of day in a (masked) line; of several readings at one place, the longest. */
export function findTime(line: string, where: { nowMs: number; timeZone?: string }): FoundTime | undefined {
  const found = rules.flatMap(({ pattern, read }) =>
    [...line.matchAll(pattern)].flatMap((match): FoundTime[] => {
      const groups = match.groups ?? {};
      const reading = read(groups, where);
      if (reading === undefined) return [];
      const part = groups['part'] === undefined ? undefined : partOfWord(groups['part']);
      return [{ start: match.index, end: match.index + match[0].length, ...reading, ...(part ? { part } : {}) }];
    }),
  );
  return found.toSorted((a, b) => a.start - b.start || b.end - a.end)[0];
}
