import { bigint, index, text, uuid } from 'drizzle-orm/pg-core';
import { authRows } from '../db/row-policies.ts';
import { auth } from './account.table.ts';

/** Sign-ups whose address is not confirmed: no account yet. What they hold, the address included, lies sealed. */
export const pendingSignUps = auth.table(
  'pending_sign_ups',
  {
    // The account's id, once there is one.
    id: uuid('id').primaryKey(),
    addressKey: text('address_key').notNull(),
    sealed: text('sealed').notNull(),
    tokenHash: text('token_hash').notNull().unique('pending_sign_ups_token_hash_unique'),
    tokenUntilMs: bigint('token_until_ms', { mode: 'number' }).notNull(),
    createdAtMs: bigint('created_at_ms', { mode: 'number' }).notNull(),
  },
  (table) => [index('pending_sign_ups_address').on(table.addressKey, table.createdAtMs), ...authRows('pending_sign_ups', ['all'])],
);
