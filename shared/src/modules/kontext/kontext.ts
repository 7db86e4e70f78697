import { defineModule, defineTable } from '../define-module.ts';
import { text } from '../field-kinds.ts';
import { kontextTables } from './tables.ts';

/** What the assistant may know about a space: its one document. */
export const kontextDoc = defineTable({
  name: 'kontextDoc',
  declaration: kontextTables.kontextDoc,
  fields: {
    /** Markdown. */
    content: text(),
  },
  defaults: { content: '' },
  searchable: ['content'],
});

/** The module `kontext`. */
export const kontextModule = defineModule({ name: 'kontext', tables: { kontextDoc }, backupLabel: 'kontext' });
