import { noteExcerpt, noteTitle } from '@mana/shared/modules/notes/note-rules';
import { notes } from '@mana/shared/modules/notes/notes';
import { tasks } from '@mana/shared/modules/todo/todo';
import type { OpenRecord } from '@mana/shared/store/store';
import * as z from 'zod/mini';

/** A record that search found, as the popup shows it and the app opens it. */
export interface ShownHit {
  readonly key: string;
  readonly kind: 'task' | 'note';
  readonly title: string;
  readonly excerpt: string;
  readonly done: boolean;
  /** Path of its page in the app. */
  readonly path: string;
}

const taskSchema = z.object({ title: tasks.fields.title, dueDate: tasks.fields.dueDate, completedAt: tasks.fields.completedAt });
const noteSchema = z.object({ title: notes.fields.title, body: notes.fields.body });

/** None for records that have no page of their own, such as lists. */
export function shownHit({ id, table, values }: OpenRecord): readonly ShownHit[] {
  const key = `${table}/${id}`;
  const task = table === 'tasks' ? taskSchema.safeParse(values) : undefined;
  if (task?.success) {
    const { title, dueDate, completedAt } = task.data;
    return [{ key, kind: 'task', title, excerpt: dueDate ?? '', done: completedAt !== null, path: `/s/personal/todo/${id}` }];
  }
  const note = table === 'notes' ? noteSchema.safeParse(values) : undefined;
  if (!note?.success) return [];
  return [
    { key, kind: 'note', title: noteTitle(note.data), excerpt: noteExcerpt(note.data), done: false, path: `/s/personal/notes/${id}` },
  ];
}
