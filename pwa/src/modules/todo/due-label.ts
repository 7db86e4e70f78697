import { daysBetween } from '@mana/shared/base/local-day';

/** Words of a due day and time for people: "today 14:30", "Friday", "3 March". */
export function dueLabel(
  { dueDate, dueTime }: { dueDate: string | null; dueTime: string | null },
  { today, locale }: { today: string; locale: string },
): string {
  if (dueDate === null) return '';
  const day = dayLabel(dueDate, today, locale);
  return dueTime === null ? day : `${day}, ${dueTime}`;
}

function dayLabel(day: string, today: string, locale: string): string {
  const days = daysBetween(today, day);
  if (Math.abs(days) <= 1) return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(days, 'day');
  const at = new Date(`${day}T12:00:00Z`);
  if (days > 1 && days < 7) return new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' }).format(at);
  const sameYear = day.slice(0, 4) === today.slice(0, 4);
  return new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: 'short',
    timeZone: 'UTC',
    ...(sameYear ? { weekday: 'short' } : { year: 'numeric' }),
  }).format(at);
}
