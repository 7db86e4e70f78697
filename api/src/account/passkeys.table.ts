import { bigint, boolean, index, integer, text, uuid } from 'drizzle-orm/pg-core';
import { authRows, ownRows } from '../db/row-policies.ts';
import { accounts, auth, milliseconds } from './account.table.ts';

/** A passkey and, where it can open the vault, its wrap of the account key: gone together. */
export const passkeys = auth.table(
  'passkeys',
  {
    id: uuid('id').primaryKey(),
    accountId: uuid('account_id')
      .notNull()
      .references(() => accounts.id),
    credentialId: text('credential_id').notNull().unique('passkeys_credential_id_unique'),
    publicKeyB64Url: text('public_key_b64url').notNull(),
    /** Grows with each use where the authenticator counts; 0 where it does not. */
    counter: bigint('counter', { mode: 'number' }).notNull(),
    name: text('name').notNull(),
    aaguid: text('aaguid').notNull(),
    transports: text('transports').array().notNull(),
    backedUp: boolean('backed_up').notNull(),
    createdAtMs: milliseconds('created_at_ms').notNull(),
    lastUsedAtMs: milliseconds('last_used_at_ms'),
    wrapVersion: integer('wrap_version').$type<1>(),
    wrapIvB64: text('wrap_iv_b64'),
    wrapCiphertextB64: text('wrap_ciphertext_b64'),
  },
  (table) => [
    index('passkeys_account').on(table.accountId),
    ...ownRows('passkeys', table.accountId, ['select', 'insert', 'update', 'delete']),
    ...authRows('passkeys', ['select', 'update']),
  ],
);
