import { bigint, index, text, uuid } from 'drizzle-orm/pg-core';
import type { SecurityEvent } from '@mana/shared/wire/security-log';
import { authRows, ownRows } from '../db/row-policies.ts';
import { accounts, auth } from './account.table.ts';

export const securityEvents = auth.table(
  'security_events',
  {
    // The order of the log; two events may share a millisecond, and clocks go back.
    seq: bigint('seq', { mode: 'number' }).primaryKey().generatedByDefaultAsIdentity(),
    id: uuid('id').notNull().unique('security_events_id_unique'),
    accountId: uuid('account_id')
      .notNull()
      .references(() => accounts.id),
    event: text('event').$type<SecurityEvent>().notNull(),
    network: text('network').notNull(),
    device: text('device').notNull(),
    atMs: bigint('at_ms', { mode: 'number' }).notNull(),
  },
  (table) => [
    index('security_events_account').on(table.accountId, table.seq),
    ...ownRows('security_events', table.accountId, ['select', 'insert']),
    ...authRows('security_events', ['insert']),
  ],
);
