import type { ValuesOf } from '@mana/shared/modules/define-module';
import type { tasks } from '@mana/shared/modules/todo/todo';
import type { OpenRecord } from '@mana/shared/store/store';

export type Task = OpenRecord<ValuesOf<typeof tasks>>;

export interface DueToday {
  readonly overdue: readonly Task[];
  readonly today: readonly Task[];
}

/** Comes after every `HH:MM`: what has no time of day is done around what has one. */
const withoutTime = '~';

const sortKey = ({ values, id }: Task): string => [values.dueDate, values.dueTime ?? withoutTime, values.order, id].join(' ');

const byKey = (a: Task, b: Task): number => (sortKey(a) < sortKey(b) ? -1 : 1);

/** Open tasks of the day and those that were due before it, earliest first. */
export function dueToday(records: readonly Task[], today: string): DueToday {
  const open = records.filter(({ values }) => values.completedAt === null && values.dueDate !== null && values.dueDate <= today);
  return {
    overdue: open.filter(({ values }) => values.dueDate !== today).toSorted(byKey),
    today: open.filter(({ values }) => values.dueDate === today).toSorted(byKey),
  };
}
