import { defineTables } from '../define-tables.ts';

/** Tables of the module `notes`. */
export const notesTables = defineTables('notes', { notes: {} });
