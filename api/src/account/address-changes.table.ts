import { bigint, index, text, uuid } from 'drizzle-orm/pg-core';
import { authRows, ownRows } from '../db/row-policies.ts';
import { accounts, auth } from './account.table.ts';

/** Changes of an account's address: asked for, then made, then to be taken back for some days. */
export const addressChanges = auth.table(
  'address_changes',
  {
    id: uuid('id').primaryKey(),
    accountId: uuid('account_id')
      .notNull()
      .references(() => accounts.id),
    newEmail: text('new_email').notNull(),
    tokenHash: text('token_hash').notNull().unique('address_changes_token_hash_unique'),
    tokenUntilMs: bigint('token_until_ms', { mode: 'number' }).notNull(),
    // Null until the new address was confirmed.
    oldEmail: text('old_email'),
    undoHash: text('undo_hash').unique('address_changes_undo_hash_unique'),
    undoUntilMs: bigint('undo_until_ms', { mode: 'number' }),
    createdAtMs: bigint('created_at_ms', { mode: 'number' }).notNull(),
  },
  (table) => [
    index('address_changes_account').on(table.accountId),
    index('address_changes_old_email').on(table.oldEmail),
    ...ownRows('address_changes', table.accountId, ['select', 'insert', 'update', 'delete']),
    ...authRows('address_changes', ['select']),
  ],
);
