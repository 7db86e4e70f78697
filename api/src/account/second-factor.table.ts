import { bigint, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { authRows, ownRows } from '../db/row-policies.ts';
import { accounts, auth } from './account.table.ts';

export const totps = auth.table(
  'totps',
  {
    accountId: uuid('account_id')
      .primaryKey()
      .references(() => accounts.id),
    // Sealed by the instance's root secrets: the database alone makes no codes.
    sealedSecret: text('sealed_secret').notNull(),
    confirmedAtMs: bigint('confirmed_at_ms', { mode: 'number' }),
    // The newest period whose code was used: each code counts once.
    lastStep: bigint('last_step', { mode: 'number' }).notNull(),
  },
  (table) => [...ownRows('totps', table.accountId, ['select', 'insert', 'update', 'delete']), ...authRows('totps', ['select', 'update'])],
);

export const backupCodes = auth.table(
  'backup_codes',
  {
    accountId: uuid('account_id')
      .notNull()
      .references(() => accounts.id),
    codeHash: text('code_hash').notNull(),
    usedAtMs: bigint('used_at_ms', { mode: 'number' }),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.codeHash] }),
    ...ownRows('backup_codes', table.accountId, ['select', 'insert', 'delete']),
    ...authRows('backup_codes', ['select', 'update']),
  ],
);
