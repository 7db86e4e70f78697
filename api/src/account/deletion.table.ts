import { bigint, uuid } from 'drizzle-orm/pg-core';
import { authRows, ownRows } from '../db/row-policies.ts';
import { accounts, auth } from './account.table.ts';

/** Accounts whose owner asked to be deleted, until the time to take it back is over. */
export const deletions = auth.table(
  'deletions',
  {
    accountId: uuid('account_id')
      .primaryKey()
      .references(() => accounts.id),
    requestedAtMs: bigint('requested_at_ms', { mode: 'number' }).notNull(),
    dueAtMs: bigint('due_at_ms', { mode: 'number' }).notNull(),
  },
  (table) => [...ownRows('deletions', table.accountId, ['select', 'insert', 'delete']), ...authRows('deletions', ['select'])],
);
