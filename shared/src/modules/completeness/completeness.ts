import { defineModule, defineTable } from '../define-module.ts';
import { integer, text } from '../field-kinds.ts';
import { completenessTables } from './tables.ts';

/** What each device has seen of a space: devices that differ at the same sequence number were not shown the same. */
export const seenStates = defineTable({
  name: 'seenStates',
  declaration: completenessTables.seenStates,
  fields: {
    generation: integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    /** Sequence number of the newest record that the digest covers. */
    seq: integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
    /** SHA-256 of every record but those of this table, base64. */
    digest: text(),
  },
  defaults: {},
  searchable: [],
});

/** The module `completeness`: it has no screen; the sync details tell what it finds. */
export const completenessModule = defineModule({ name: 'completeness', tables: { seenStates }, backupLabel: 'completeness' });
