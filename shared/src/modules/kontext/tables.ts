import { defineTables } from '../define-tables.ts';

/** Tables of the module `kontext`. */
export const kontextTables = defineTables('kontext', { kontextDoc: {} }, { kontextDoc: 'space' });
