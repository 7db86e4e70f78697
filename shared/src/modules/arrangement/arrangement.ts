import { defineModule, defineTable } from '../define-module.ts';
import { texts } from '../field-kinds.ts';
import { arrangementTables } from './tables.ts';

/** Which cards the home screen shows, in their order: one record a person. */
export const homeCards = defineTable({
  name: 'homeCards',
  declaration: arrangementTables.homeCards,
  fields: {
    /** Names of modules; one that does not exist here is skipped, so that an older app keeps what a newer one knows. */
    modules: texts,
  },
  defaults: { modules: [] },
  searchable: [],
});

/** The module `arrangement`. */
export const arrangementModule = defineModule({ name: 'arrangement', tables: { homeCards }, backupLabel: 'arrangement' });
