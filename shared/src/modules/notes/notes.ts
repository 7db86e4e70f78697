import * as z from 'zod/mini';
import { defineModule, defineTable } from '../define-module.ts';
import { notesTables } from './tables.ts';

/** Notes in Markdown. */
export const notes = defineTable({
  name: 'notes',
  declaration: notesTables.notes,
  fields: {
    /** May be empty: the first line of the body then stands for it. */
    title: z.string().check(z.maxLength(500)),
    /** Markdown. */
    body: z.string(),
    /** Lower-case words without `#`. */
    tags: z.array(z.string()),
    pinned: z.boolean(),
  },
  defaults: { title: '', body: '', tags: [], pinned: false },
  searchable: ['title', 'tags', 'body'],
});

/** The module `notes`. */
export const notesModule = defineModule({ name: 'notes', tables: { notes }, backupLabel: 'notes' });
