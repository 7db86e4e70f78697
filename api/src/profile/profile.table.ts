import { bigint, boolean, text, uuid } from 'drizzle-orm/pg-core';
import { accounts, auth } from '../account/account.table.ts';
import { ownRows } from '../db/row-policies.ts';

export const profiles = auth.table(
  'profiles',
  {
    accountId: uuid('account_id')
      .primaryKey()
      .references(() => accounts.id),
    photo: text('photo'),
    communityShowRealName: boolean('community_show_real_name').notNull().default(false),
    onboardedAtMs: bigint('onboarded_at_ms', { mode: 'number' }),
  },
  (table) => ownRows('profiles', table.accountId, ['select', 'insert', 'update']),
);
