import { defineModule, defineTable } from '../define-module.ts';
import { optional, texts, title } from '../field-kinds.ts';
import { spacesTables } from './tables.ts';

/** What members call their space: its one profile, sealed like everything in it. */
export const spaceProfiles = defineTable({
  name: 'spaceProfiles',
  declaration: spacesTables.spaceProfiles,
  fields: {
    name: title(80),
    /** Names of the modules that the space shows; null for what its type begins with. */
    modules: optional(texts),
  },
  defaults: { modules: null },
  searchable: [],
});

/** The module `spaces`. */
export const spacesModule = defineModule({ name: 'spaces', tables: { spaceProfiles }, backupLabel: 'spaces' });
