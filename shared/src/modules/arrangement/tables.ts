import { defineTables } from '../define-tables.ts';

/** Tables of the module `arrangement`. */
export const arrangementTables = defineTables('arrangement', { homeCards: {} });
