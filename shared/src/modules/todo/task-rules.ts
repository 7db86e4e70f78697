import { localDay } from '#base/local-day.ts';
import type { ValuesOf } from '../define-module.ts';
import { MAX_TITLE_LENGTH, type taskLists, type tasks } from './todo.ts';

/** Values of a task. */
export type Task = ValuesOf<typeof tasks>;

/** A task with its id and time of making, as lists sort it. */
export interface ListedTask {
  readonly id: string;
  readonly createdAt: string;
  readonly values: Readonly<Task>;
}

/** A list of tasks with its id, as lists of lists sort it. */
export interface ListedList {
  readonly id: string;
  readonly values: Readonly<ValuesOf<typeof taskLists>>;
}

/** Sections of a task list, in the order in which they are shown. */
export const taskGroups = ['overdue', 'today', 'upcoming', 'someday', 'done'] as const;
/** A section of a task list. */
export type TaskGroup = (typeof taskGroups)[number];

const defaultOrder = 'a0';

/** Values of a new task from what is known; a title that is too long for one line goes on in the notes. */
export function newTask(known: Partial<Task> & { readonly title: string }): Task {
  const title = known.title.trim();
  const overflow = title.length > MAX_TITLE_LENGTH ? title.slice(MAX_TITLE_LENGTH) : '';
  const dueDate = known.dueDate ?? null;
  return {
    notes: '',
    completedAt: null,
    priority: 0,
    tags: [],
    place: '',
    listId: null,
    parentId: null,
    order: defaultOrder,
    ...known,
    dueDate,
    dueTime: dueDate === null ? null : (known.dueTime ?? null),
    title: title.slice(0, MAX_TITLE_LENGTH).trim(),
    ...(overflow === '' ? {} : { notes: [overflow, known.notes].filter(Boolean).join('\n\n') }),
  };
}

/** What ticking a task off, or on again, changes. */
export const toggleDone = (task: Pick<Task, 'completedAt'>, nowMs: number): Pick<Task, 'completedAt'> => ({
  completedAt: task.completedAt === null ? new Date(nowMs).toISOString() : null,
});

/** What a new due day changes: without a day there is no time. */
export const withDueDate = (dueDate: string | null): Partial<Task> => (dueDate === null ? { dueDate, dueTime: null } : { dueDate });

/** Section of a task on a local day. */
export function groupOf(task: Pick<Task, 'completedAt' | 'dueDate'>, today: string): TaskGroup {
  if (task.completedAt !== null) return 'done';
  if (task.dueDate === null) return 'someday';
  if (task.dueDate === today) return 'today';
  return task.dueDate < today ? 'overdue' : 'upcoming';
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const lastTime = '99:99'; // behind every time of day

/** By hand-made order, then by time of making, then by id: the same on every device. */
export const compareByOrder = (a: ListedTask, b: ListedTask): number =>
  compareText(a.values.order, b.values.order) || compareText(a.createdAt, b.createdAt) || compareText(a.id, b.id);

/** Lists by hand-made order, then by name. */
export const compareLists = (a: ListedList, b: ListedList): number =>
  compareText(a.values.order, b.values.order) || a.values.name.localeCompare(b.values.name) || compareText(a.id, b.id);

/** By day and time, then by priority, then by hand-made order. */
const compareDue = (a: ListedTask, b: ListedTask): number =>
  compareText(a.values.dueDate ?? '', b.values.dueDate ?? '') ||
  compareText(a.values.dueTime ?? lastTime, b.values.dueTime ?? lastTime) ||
  b.values.priority - a.values.priority ||
  compareByOrder(a, b);

const compareDone = (a: ListedTask, b: ListedTask): number =>
  compareText(b.values.completedAt ?? '', a.values.completedAt ?? '') || compareByOrder(a, b);

/** How the tasks of each section are sorted; any two tasks differ. */
export const groupOrders: Readonly<Record<TaskGroup, (a: ListedTask, b: ListedTask) => number>> = {
  overdue: compareDue,
  today: compareDue,
  upcoming: compareDue,
  someday: compareByOrder,
  done: compareDone,
};

/** Tasks in their sections on a local day, sorted; subtasks stay with their parent and are left out unless the parent is not there. */
export function groupTasks<T extends ListedTask>(all: readonly T[], today: string): Readonly<Record<TaskGroup, readonly T[]>> {
  const groups: Record<TaskGroup, T[]> = { overdue: [], today: [], upcoming: [], someday: [], done: [] };
  const ids = new Set(all.map((task) => task.id));
  for (const task of all) {
    const { parentId } = task.values;
    if (parentId === null || !ids.has(parentId)) groups[groupOf(task.values, today)].push(task);
  }
  for (const group of taskGroups) groups[group].sort(groupOrders[group]);
  return groups;
}

/** Subtasks of a task in their order. */
export const subtasksOf = <T extends ListedTask>(all: readonly T[], parentId: string): readonly T[] =>
  all.filter((task) => task.values.parentId === parentId).toSorted(compareByOrder);

/** Local day on which a task was ticked off; undefined while it is open. */
export const doneDay = (task: Pick<Task, 'completedAt'>, timeZone?: string): string | undefined =>
  task.completedAt === null ? undefined : localDay(Date.parse(task.completedAt), timeZone);
