import { toggleDone, type Task } from '@mana/shared/modules/todo/task-rules';
import type { MovedRecord } from '@mana/shared/store/moved-records';
import { m } from '#messages';
import type { App } from '#shell/app.svelte.ts';
import { deskOf } from './task-desk.svelte.ts';
import type { TaskRecord } from './task-record.ts';

const removing = (tasks: readonly TaskRecord[]) =>
  [...new Set(tasks.map(({ id }) => id))].map((id) => ({ kind: 'remove', table: 'tasks', id }) as const);

const patchOf = (id: string, values: Partial<Task>) => ({ kind: 'patch', table: 'tasks', id, values }) as const;

/** What a person does with tasks; each can be undone. */
export function createTaskActions(app: App) {
  const desk = deskOf(app.store, app.today);
  const subtasks = (id: string): readonly TaskRecord[] => desk.board(app.today).subtasks(id);

  return {
    async toggle(task: TaskRecord): Promise<void> {
      const changes = toggleDone(task.values, app.clock.nowMs());
      const { title } = task.values;
      if (changes.completedAt === null) desk.settle(task.id);
      else desk.linger(task);
      const done = changes.completedAt === null ? m.todo_unticked({ title }) : m.todo_ticked({ title });
      await app.change([patchOf(task.id, changes)], { done });
    },
    add: (values: Task) => app.change([{ kind: 'put', table: 'tasks', values }]),
    patch: (id: string, values: Partial<Task>) => app.change([patchOf(id, values)]),
    /** Deletes a task with its subtasks. */
    remove: (task: TaskRecord) =>
      app.change(removing([task, ...subtasks(task.id)]), { done: m.todo_deleted({ title: task.values.title }) }),
    /** Deletes tasks with their subtasks, as one step. */
    removeAll: (chosen: readonly TaskRecord[]) =>
      app.change(removing(chosen.flatMap((task) => [task, ...subtasks(task.id)])), { done: m.selection_deleted({ count: chosen.length }) }),
    /** What moves when a task moves into another space: its subtasks come along, its list stays behind. */
    moving: (task: TaskRecord): readonly MovedRecord[] => [
      { record: task, instead: { listId: null, parentId: null } },
      ...subtasks(task.id).map((record) => ({ record, instead: { listId: null } })),
    ],
  };
}
