import type { Rows } from '@mana/shared/base/sorted-list';
import { reorder } from '@mana/shared/modules/todo/task-order';
import { m } from '#messages';
import type { App } from '#shell/app.svelte.ts';
import type { TaskRecord } from './task-record.ts';

/** A step in a list that is sorted by hand. */
interface Step {
  readonly from: number;
  readonly to: number;
}

/** Moves a task among others that are sorted by hand. */
export async function moveTask(app: App, ordered: Rows<TaskRecord>, { from, to }: Step): Promise<boolean> {
  const moves = reorder(ordered, from, to);
  if (moves.length === 0) return false;
  return app.change(
    moves.map(({ id, order }) => ({ kind: 'patch', table: 'tasks', id, values: { order } }) as const),
    { done: m.todo_moved({ title: ordered.at(from)?.values.title ?? '' }) },
  );
}
