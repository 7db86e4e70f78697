import { compareLists, groupTasks, subtasksOf, type TaskGroup } from '@mana/shared/modules/todo/task-rules';
import { taskLists, tasks } from '@mana/shared/modules/todo/todo';
import type { App } from '#shell/app.svelte.ts';
import { followTable } from '#shell/table-view.svelte.ts';
import { createTaskActions } from './task-actions.svelte.ts';
import type { TaskRecord } from './task-record.ts';

/** What the screens of tasks read and do. */
export function createTodo(app: App) {
  const taskView = followTable(app.store.table(tasks));
  const listView = followTable(app.store.table(taskLists));
  const actions = createTaskActions(app, taskView.all);

  /** As it was before it was ticked, for the moment in which it stays where it was. */
  function asShown(task: TaskRecord): TaskRecord {
    const before = actions.lingering.get(task.id);
    return before === undefined ? task : { ...task, values: { ...task.values, completedAt: null, dueDate: before.values.dueDate } };
  }

  return {
    ...actions,
    all: taskView.all,
    get: taskView.get,
    get complete(): boolean {
      return taskView.complete;
    },
    /** Lists by their order. */
    lists: () => listView.all().toSorted(compareLists),
    listName: (id: string | null): string => (id === null ? '' : (listView.get(id)?.values.name ?? '')),
    subtasks: (id: string): readonly TaskRecord[] => subtasksOf(taskView.all(), id),
    /** Sections of the given tasks. */
    groups(shown: readonly TaskRecord[]): Readonly<Record<TaskGroup, readonly TaskRecord[]>> {
      const { overdue, today, upcoming, someday, done } = groupTasks(shown.map(asShown), app.today);
      const asNow = (group: readonly TaskRecord[]) => group.map((task) => taskView.get(task.id) ?? task);
      return { overdue: asNow(overdue), today: asNow(today), upcoming: asNow(upcoming), someday: asNow(someday), done: asNow(done) };
    },
  };
}

/** What the screens of tasks read and do. */
export type Todo = ReturnType<typeof createTodo>;
