import type { Chip, QuickAddValues } from '@mana/shared/quick-add/quick-add';
import { m } from '#messages';

/** Words of a chip: what was understood, not what was typed. */
export function chipLabel(chip: Chip, values: QuickAddValues, locale: string): string {
  switch (chip.kind) {
    case 'date':
      return values.dueDate === null ? chip.text : dayWords(values.dueDate, locale);
    case 'time':
      return values.dueTime === null ? chip.text : timeWords(values.dueTime, values.dueDate, locale);
    case 'tag':
      return chip.text;
    case 'place':
      return `@${values.place}`;
    case 'priority':
      return [chip.text, m.todo_priority_low(), m.todo_priority_medium(), m.todo_priority_high()][values.priority] ?? chip.text;
  }
}

const dayWords = (day: string, locale: string): string =>
  new Intl.DateTimeFormat(locale, { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' }).format(
    new Date(`${day}T12:00:00Z`),
  );

const timeWords = (time: string, day: string | null, locale: string): string =>
  day === null
    ? time
    : new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit', timeZone: 'UTC' }).format(new Date(`${day}T${time}:00Z`));
