/** A moment as a person's wall calendar and clock show it. */
export interface LocalMoment {
  /** Local calendar day, `YYYY-MM-DD`. */
  readonly day: string;
  /** Local time of day, `HH:MM`, 24 hours. */
  readonly time: string;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(timeZone: string | undefined): Intl.DateTimeFormat {
  const key = timeZone ?? '';
  const known = formatters.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-CA', {
    ...(timeZone === undefined ? {} : { timeZone }),
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  formatters.set(key, made);
  return made;
}

/** Day and time of an instant (milliseconds since 1970) in an IANA time zone; the machine's zone by default. */
export function localMoment(nowMs: number, timeZone?: string): LocalMoment {
  const parts = new Map(
    formatterOf(timeZone)
      .formatToParts(nowMs)
      .map((part) => [part.type, part.value]),
  );
  const pick = (type: Intl.DateTimeFormatPartTypes, width: number) => (parts.get(type) ?? '').padStart(width, '0');
  return { day: `${pick('year', 4)}-${pick('month', 2)}-${pick('day', 2)}`, time: `${pick('hour', 2)}:${pick('minute', 2)}` };
}

/** Local day of an instant in an IANA time zone; the machine's zone by default. */
export const localDay = (nowMs: number, timeZone?: string): string => localMoment(nowMs, timeZone).day;

const utcOf = (day: string): number => Date.parse(`${day}T00:00:00Z`);
const dayMs = 86_400_000; // in UTC every day has this length

/** The calendar day `count` days after (or, negative, before) a day; no time zone takes part, so no clock change can shift it. */
export const addDays = (day: string, count: number): string => new Date(utcOf(day) + count * dayMs).toISOString().slice(0, 10);

/** Whole days from `from` to `to`; negative when `to` is earlier. */
export const daysBetween = (from: string, to: string): number => Math.round((utcOf(to) - utcOf(from)) / dayMs);

/** Weekday of a calendar day: 0 Monday … 6 Sunday. */
export const weekdayOf = (day: string): number => (new Date(utcOf(day)).getUTCDay() + 6) % 7;

/** The calendar day of the given numbers (month from 1), or undefined when there is no such day. */
export function dayOf(year: number, month: number, date: number): string | undefined {
  const text = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`;
  const at = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(at) || new Date(at).getUTCDate() !== date ? undefined : text;
}
