import { addDays, localMoment } from '#base/local-day.ts';
import { findDay } from './days.ts';
import type { DateReader } from './date-reader.ts';
import { maskSpans, withoutSpans, type Span } from './spans.ts';
import { partMinutes, resolveMinutes } from './time-words.ts';
import { findRanges, findTime, minutesOf, timeOf, type FoundTime } from './times.ts';
import { findQuotes, findTokens, type Token } from './tokens.ts';
import type { FoundDay } from './written-dates.ts';

/** What a chip says. */
export type ChipKind = 'date' | 'time' | 'tag' | 'priority' | 'place';

/** A part of the line that was understood; dismissing it puts its text back into the title. */
export interface Chip extends Span {
  readonly kind: ChipKind;
  /** As typed. */
  readonly text: string;
}

/** What a line sets besides the title. */
export interface QuickAddValues {
  /** Local day `YYYY-MM-DD`, or null. */
  readonly dueDate: string | null;
  /** Local time `HH:MM`, or null. */
  readonly dueTime: string | null;
  /** 0 none, 1 low, 2 medium, 3 high. */
  readonly priority: number;
  readonly tags: readonly string[];
  readonly place: string;
}

/** A line as understood. */
export interface QuickAdd {
  /** The line without what was understood; never empty for a line that is not blank. */
  readonly title: string;
  readonly values: QuickAddValues;
  /** In the order of the line. */
  readonly chips: readonly Chip[];
}

/** Where and when a line is read. */
export interface QuickAddPlace {
  readonly nowMs: number;
  /** IANA name; the machine's zone by default. */
  readonly timeZone?: string;
  /** The person's language: decides where both could be meant. Both are always read. */
  readonly language: 'de' | 'en';
  /** Stretches that the person wants as text. */
  readonly dismissed?: readonly Span[];
  /** Without it (not loaded yet) only days in figures, next week and the like are read. */
  readonly readDates?: DateReader | undefined;
}

/** Longest line that is read for dates, in characters: beyond it a text was pasted, not a line typed. */
const MAX_READ_LENGTH = 1_000;

/** Until when the night of a day lasts, in minutes since the next midnight: `heute Nacht um 2` is tomorrow's date. */
const nightEndsMinutes = 6 * 60;

interface When {
  readonly dueDate: string | null;
  readonly dueTime: string | null;
}

type Found = { readonly day?: FoundDay | undefined; readonly time?: FoundTime | undefined };

/** Minutes since midnight that a line means: its clock time under the part of the day, or what that part stands for. */
function minutesIn({ day, time }: Found): number | undefined {
  const part = time?.part ?? day?.part;
  if (time !== undefined) return resolveMinutes(time.minutes, time.literal, part);
  return part === undefined ? undefined : partMinutes[part];
}

function dayIn({ day, time }: Found, minutes: number | undefined): string | undefined {
  if (day === undefined) return time?.day;
  const isPastMidnight = (time?.part ?? day.part) === 'night' && minutes !== undefined && minutes < nightEndsMinutes;
  return isPastMidnight ? addDays(day.day, 1) : day.day;
}

/** A time without a day is the next one to come. */
function whenOf(found: Found, place: QuickAddPlace): When {
  const minutes = minutesIn(found);
  const dueTime = minutes === undefined ? null : timeOf(minutes);
  const named = dayIn(found, minutes);
  if (named !== undefined || minutes === undefined) return { dueDate: named ?? null, dueTime };
  const now = localMoment(place.nowMs, place.timeZone);
  return { dueDate: minutes > minutesOf(now.time) ? now.day : addDays(now.day, 1), dueTime };
}

/** Finds day and time. The day is looked for first where a word could be read as either: `morgen früh um 6`. */
function findWhen(text: string, place: QuickAddPlace): Found {
  const masked = maskSpans(text, findRanges(text));
  const where = place.timeZone === undefined ? { nowMs: place.nowMs } : { nowMs: place.nowMs, timeZone: place.timeZone };
  const time = findTime(masked, where);
  if (time?.day !== undefined) return { time };
  const today = localMoment(place.nowMs, place.timeZone).day;
  const day = findDay(time ? maskSpans(masked, [time]) : masked, { today, language: place.language, readDates: place.readDates });
  return { day, time };
}

function valuesOf(tokens: readonly Token[], when: When): QuickAddValues {
  let priority = 0;
  let where = '';
  const tags = new Set<string>();
  for (const token of tokens) {
    if (token.kind === 'tag') tags.add(token.tag);
    else if (token.kind === 'priority') priority = token.priority;
    else where = token.place;
  }
  return { ...when, priority, tags: [...tags], place: where };
}

/** Reads one line, German and English together: `Zahnarzt morgen 14:30 #gesundheit`. Total: any text gives a title. */
export function parseQuickAdd(line: string, place: QuickAddPlace): QuickAdd {
  const silenced = [...findQuotes(line), ...(place.dismissed ?? [])];
  const open = maskSpans(line, silenced);
  const tokens = findTokens(open);
  const masked = maskSpans(open, tokens);
  const found: Found = line.length > MAX_READ_LENGTH ? {} : findWhen(masked, place);
  const chipOf = (kind: ChipKind, { start, end }: Span): Chip => ({ kind, start, end, text: line.slice(start, end) });
  const chips = [
    ...tokens.map((token) => chipOf(token.kind, token)),
    ...(found.day ? [chipOf('date', found.day)] : []),
    ...(found.time ? [chipOf('time', found.time)] : []),
  ].toSorted((a, b) => a.start - b.start);
  const rest = withoutSpans(line, chips);
  return { title: rest === '' ? line.trim() : rest, values: valuesOf(tokens, whenOf(found, place)), chips };
}

/** Reads a text that is nothing but a day and perhaps a time (`in 5 days`, `4 Jan 14:00`); undefined when anything is left over. */
export function parseWhen(text: string, place: QuickAddPlace): { dueDate: string; dueTime: string | null } | undefined {
  const found = findWhen(text, place);
  const { dueDate, dueTime } = whenOf(found, place);
  const rest = withoutSpans(
    text,
    [found.day, found.time].filter((span) => span !== undefined),
  );
  return dueDate === null || /[\p{L}\p{N}]/u.test(rest.replace(/^(?:um|at|@|,)$/iu, '')) ? undefined : { dueDate, dueTime };
}
