import { text, uuid } from 'drizzle-orm/pg-core';
import { authRows, ownRows } from '../db/row-policies.ts';
import { accounts, auth } from './account.table.ts';

/** Public keys of recovery codes: what recovery needs is sealed to them. */
export const recoveryOpeners = auth.table(
  'recovery_openers',
  {
    accountId: uuid('account_id')
      .primaryKey()
      .references(() => accounts.id),
    publicB64: text('public_b64').notNull(),
  },
  (table) => [...ownRows('recovery_openers', table.accountId, ['select', 'insert', 'update']), ...authRows('recovery_openers', ['select'])],
);
