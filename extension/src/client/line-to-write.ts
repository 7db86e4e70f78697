import { newNote, tagsInBody } from '@mana/shared/modules/notes/note-rules';
import { newTask } from '@mana/shared/modules/todo/task-rules';
import { MAX_TITLE_LENGTH } from '@mana/shared/modules/todo/todo';
import type { QuickAdd } from '@mana/shared/quick-add/quick-add';
import type { Write } from '@mana/shared/store/store';

/** Kinds of record that the popup makes. */
export const addableModules = ['task', 'note'] as const;
export type AddableModule = (typeof addableModules)[number];

export const isAddableModule = (value: unknown): value is AddableModule => addableModules.some((module) => module === value);

/** The task that a line was understood as. */
export const taskWrite = ({ title, values }: QuickAdd, order: string): Write => ({
  kind: 'put',
  table: 'tasks',
  values: { ...newTask({ ...values, tags: [...values.tags], title, order }) },
});

/** A note of what was typed: its first line is the title, unless it is a whole paragraph. */
export function noteWrite(text: string): Write {
  const typed = text.trim();
  const [first = '', ...rest] = typed.split('\n');
  const tags = [...tagsInBody(typed)];
  const note =
    first.length <= MAX_TITLE_LENGTH
      ? newNote({ title: first.trim(), body: rest.join('\n').trim(), tags })
      : newNote({ body: typed, tags });
  return { kind: 'put', table: 'notes', values: { ...note } };
}
