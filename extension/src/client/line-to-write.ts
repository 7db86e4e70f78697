import type { QuickAdd } from '@mana/shared/quick-add/quick-add';
import type { Write } from '@mana/shared/store/store';

/** Kinds of record that the popup makes. */
export const addableModules = ['task', 'note'] as const;
export type AddableModule = (typeof addableModules)[number];

export const isAddableModule = (value: unknown): value is AddableModule => addableModules.some((module) => module === value);

/** Longest first line that becomes a title, in characters: what the table allows. */
const maxTitleLength = 500;

/** The task that a line was understood as. */
export const taskWrite = ({ title, values }: QuickAdd, order: string): Write => ({
  kind: 'put',
  table: 'tasks',
  values: { title: title.slice(0, maxTitleLength), ...values, order },
});

/** A note of what was typed: its first line is the title, unless it is a whole paragraph. */
export function noteWrite(text: string): Write {
  const [first = '', ...rest] = text.trim().split('\n');
  const values =
    first.length <= maxTitleLength ? { title: first.trim(), body: rest.join('\n').trim() } : { title: '', body: text.trim() };
  return { kind: 'put', table: 'notes', values };
}
