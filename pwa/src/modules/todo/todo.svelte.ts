import { createSubscriber, SvelteMap } from 'svelte/reactivity';
import {
  compareByOrder,
  groupTasks,
  orderBetween,
  reorder,
  subtasksOf,
  toggleDone,
  type ListedTask,
  type Task,
} from '@mana/shared/modules/todo/task-rules';
import { taskLists, tasks } from '@mana/shared/modules/todo/todo';
import type { OpenRecord } from '@mana/shared/store/store';
import { m } from '#messages';
import type { App } from '#shell/app.svelte.ts';

/** A task as screens read it. */
export type TaskRecord = OpenRecord<Task>;

/** How long a task that was ticked stays where it was, in milliseconds: long enough to see the tick. */
const LINGER_MS = 650;

/** What the screens of tasks read and do. */
export function createTodo(app: App) {
  const taskView = app.store.table(tasks);
  const listView = app.store.table(taskLists);
  const watch = createSubscriber((update) => {
    const stops = [taskView.subscribe(update), listView.subscribe(update)];
    return () => stops.forEach((stop) => stop());
  });
  /** Tasks just ticked, as they were before. */
  const lingering = new SvelteMap<string, TaskRecord>();

  const all = (): readonly TaskRecord[] => {
    watch();
    return taskView.all();
  };

  async function toggle(task: TaskRecord): Promise<void> {
    const changes = toggleDone(task.values, app.clock.nowMs());
    const isDone = changes.completedAt !== null;
    if (isDone) {
      lingering.set(task.id, task);
      setTimeout(() => lingering.delete(task.id), LINGER_MS);
    } else lingering.delete(task.id);
    await app.change([{ kind: 'patch', table: 'tasks', id: task.id, values: changes }], {
      done: isDone ? m.todo_ticked({ title: task.values.title }) : m.todo_unticked({ title: task.values.title }),
    });
  }

  const firstOrder = (siblings: readonly ListedTask[]): string | undefined => siblings.toSorted(compareByOrder)[0]?.values.order;

  return {
    all,
    get complete(): boolean {
      watch();
      return taskView.complete;
    },
    get: (id: string): TaskRecord | undefined => {
      watch();
      return taskView.get(id);
    },
    /** Lists by their order. */
    lists: () => {
      watch();
      return listView
        .all()
        .toSorted((a, b) =>
          a.values.order < b.values.order ? -1 : a.values.order > b.values.order ? 1 : a.values.name.localeCompare(b.values.name),
        );
    },
    listName: (id: string | null): string => {
      watch();
      return id === null ? '' : (listView.get(id)?.values.name ?? '');
    },
    subtasks: (id: string) => subtasksOf(all(), id),
    /** Sections of the given tasks; one that was just ticked stays a moment where it was. */
    groups: (shown: readonly TaskRecord[]) => {
      const shownAs = shown.map((task) => {
        const before = lingering.get(task.id);
        return before === undefined ? task : { ...task, values: { ...task.values, completedAt: null, dueDate: before.values.dueDate } };
      });
      const groups = groupTasks(shownAs, app.today);
      const now = (task: TaskRecord): TaskRecord => taskView.get(task.id) ?? task;
      return {
        overdue: groups.overdue.map(now),
        today: groups.today.map(now),
        upcoming: groups.upcoming.map(now),
        someday: groups.someday.map(now),
        done: groups.done.map(now),
      };
    },
    /** Order that puts a new task before all of its siblings. */
    topOrder: (parentId: string | null = null): string =>
      orderBetween(undefined, firstOrder(taskView.all().filter((task) => task.values.parentId === parentId))),
    /** Order that puts a new subtask behind its siblings. */
    bottomOrder: (parentId: string): string => orderBetween(subtasksOf(taskView.all(), parentId).at(-1)?.values.order, undefined),
    toggle,
    add: (values: Task) => app.change([{ kind: 'put', table: 'tasks', values }]),
    patch: (id: string, values: Partial<Task>) => app.change([{ kind: 'patch', table: 'tasks', id, values }]),
    /** Deletes a task with its subtasks. */
    remove: (task: TaskRecord) =>
      app.change(
        [task, ...subtasksOf(taskView.all(), task.id)].map(({ id }) => ({ kind: 'remove', table: 'tasks', id }) as const),
        { done: m.todo_deleted({ title: task.values.title }) },
      ),
    /** Moves a task among others that are sorted by hand. */
    move: (ordered: readonly TaskRecord[], from: number, to: number) => {
      const moves = reorder(ordered, from, to);
      if (moves.length === 0) return Promise.resolve(false);
      return app.change(
        moves.map(({ id, order }) => ({ kind: 'patch', table: 'tasks', id, values: { order } }) as const),
        { done: m.todo_moved({ title: ordered[from]?.values.title ?? '' }) },
      );
    },
  };
}

/** What the screens of tasks read and do. */
export type Todo = ReturnType<typeof createTodo>;
