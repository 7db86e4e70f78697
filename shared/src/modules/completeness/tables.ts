import { defineTables } from '../define-tables.ts';

/** Tables of the module `completeness`. */
export const completenessTables = defineTables('completeness', { seenStates: {} });
