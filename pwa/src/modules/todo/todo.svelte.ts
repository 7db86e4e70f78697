import type { TaskBoard } from '@mana/shared/modules/todo/task-board';
import { compareLists, taskGroups, type TaskGroup } from '@mana/shared/modules/todo/task-rules';
import { taskLists, tasks } from '@mana/shared/modules/todo/todo';
import type { App } from '#shell/app.svelte.ts';
import { createSelection } from '#ui/selection.svelte.ts';
import { asNow, followTable } from '#shell/table-view.svelte.ts';
import { createTaskActions } from './task-actions.svelte.ts';
import { deskOf, type TaskFilter } from './task-desk.svelte.ts';
import type { TaskRecord } from './task-record.ts';
import type { TaskSection } from './task-sections.ts';

type Sections = Readonly<Record<TaskGroup, TaskSection>>;

function sectionsOf(board: TaskBoard<TaskRecord>): Sections {
  const made = taskGroups.map((group): [TaskGroup, TaskSection] => [
    group,
    { group, tasks: asNow(board.section(group)), indexOf: (id) => board.indexIn(group, id) },
  ]);
  return Object.fromEntries(made) as unknown as Sections;
}

/** What the screens of tasks read and do. */
export function createTodo(app: App) {
  const desk = deskOf(app.store, app.today);
  const taskView = followTable(app.store.table(tasks));
  const listView = followTable(app.store.table(taskLists));

  return {
    ...createTaskActions(app),
    selection: createSelection(),
    get: taskView.get,
    get complete(): boolean {
      return desk.complete;
    },
    /** Lists by their order. */
    lists: () => listView.all().toSorted(compareLists),
    listName: (id: string | null): string => (id === null ? '' : (listView.get(id)?.values.name ?? '')),
    subtasks: (id: string): readonly TaskRecord[] => desk.board(app.today).subtasks(id),
    /** How many tasks carry each tag. */
    tags: (): ReadonlyMap<string, number> => new Map(desk.board(app.today).tags()),
    /** Sections of the tasks of a filter. */
    sections: (filter?: TaskFilter): Sections => sectionsOf(desk.board(app.today, filter)),
  };
}

/** What the screens of tasks read and do. */
export type Todo = ReturnType<typeof createTodo>;
