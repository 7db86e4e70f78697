import { sql } from 'drizzle-orm';
import { pgRole } from 'drizzle-orm/pg-core';

/** Role of every signed-in request: sees the rows of `app.account` and nothing else. */
export const appRole = pgRole('mana_app').existing();

/** Role of what happens before anybody is known: looking up an address, a session, an attempt. Sees no record of any space. */
export const authRole = pgRole('mana_auth').existing();

/** Role in which everything of one account, `app.account`, is read for its export and deleted at its end. */
export const leaveRole = pgRole('mana_leave').existing();

/** Role of the live hub: which account is a member of which space, up to where each space goes, which sessions live. Sees no content. */
export const liveRole = pgRole('mana_live').existing();

/** Owner of the functions that tell a policy who is in a space: it reads memberships, and nobody can sign in as it. */
export const membersRole = pgRole('mana_members').existing();

// A setting that was once set in a session reads '' and not NULL afterwards.
export const currentAccount = sql`(select nullif(current_setting('app.account', true), '')::uuid)`;
