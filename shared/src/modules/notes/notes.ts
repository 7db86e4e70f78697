import { defineModule, defineTable } from '../define-module.ts';
import { flag, text, texts } from '../field-kinds.ts';
import { notesTables } from './tables.ts';

/** Notes in Markdown. */
export const notes = defineTable({
  name: 'notes',
  declaration: notesTables.notes,
  fields: {
    /** May be empty: the first line of the body then stands for it. */
    title: text({ max: 500 }),
    /** Markdown. */
    body: text(),
    /** Lower-case words without `#`. */
    tags: texts,
    pinned: flag,
  },
  defaults: { title: '', body: '', tags: [], pinned: false },
  searchable: ['title', 'tags', 'body'],
});

/** The module `notes`. */
export const notesModule = defineModule({ name: 'notes', tables: { notes }, backupLabel: 'notes' });
