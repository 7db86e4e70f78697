import { noteExcerpt, noteTitle } from '@mana/shared/modules/notes/note-rules';
import { notes } from '@mana/shared/modules/notes/notes';
import { tasks } from '@mana/shared/modules/todo/todo';
import { valuesIn } from '@mana/shared/store/open-record';
import type { OpenRecord } from '@mana/shared/store/store';

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

/** None for records that have no page of their own, such as lists. */
export function shownHit(record: OpenRecord): readonly ShownHit[] {
  const { id, table } = record;
  const key = `${table}/${id}`;
  const task = valuesIn(tasks, record);
  if (task) {
    const { title, dueDate, completedAt } = task;
    return [{ key, kind: 'task', title, excerpt: dueDate ?? '', done: completedAt !== null, path: `/s/personal/todo/${id}` }];
  }
  const note = valuesIn(notes, record);
  if (!note) return [];
  return [{ key, kind: 'note', title: noteTitle(note), excerpt: noteExcerpt(note), done: false, path: `/s/personal/notes/${id}` }];
}
