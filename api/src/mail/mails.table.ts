import { bigint, index, integer, text, uuid } from 'drizzle-orm/pg-core';
import { auth } from '../account/account.table.ts';
import { authRows, ownRows } from '../db/row-policies.ts';

export const mailState = auth.enum('mail_state', ['waiting', 'sent', 'failed', 'dropped']);

/** The outbox. What a mail says and where it goes lies sealed, and only until it is sent. */
export const mails = auth.table(
  'mails',
  {
    id: uuid('id').primaryKey(),
    // Null where it goes to an address that is nobody's yet.
    accountId: uuid('account_id'),
    state: mailState('state').notNull(),
    sealed: text('sealed'),
    tries: integer('tries').notNull(),
    nextAtMs: bigint('next_at_ms', { mode: 'number' }).notNull(),
    expiresAtMs: bigint('expires_at_ms', { mode: 'number' }).notNull(),
    createdAtMs: bigint('created_at_ms', { mode: 'number' }).notNull(),
    // Number of the server's last refusal, or the name of what went wrong on the way.
    trouble: text('trouble'),
  },
  (table) => [
    index('mails_due').on(table.state, table.nextAtMs),
    index('mails_account').on(table.accountId),
    ...ownRows('mails', table.accountId, ['insert']),
    ...authRows('mails', ['all']),
  ],
);
