import { defineTables } from '../define-tables.ts';

/** Tables of the module `spaces`. */
export const spacesTables = defineTables('spaces', { spaceProfiles: {} });
