import { defineTables } from '../define-tables.ts';

/** Tables of the module `profile`. */
export const profileTables = defineTables('profile', { userContext: {} }, { userContext: 'account' });
