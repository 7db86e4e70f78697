import { and, eq, ne } from 'drizzle-orm';
import { become, type Transaction } from '../db/database.ts';
import { putWrap } from './account.queries.ts';
import { accounts, credentials, identities, sessions, wraps } from './account.table.ts';
import { recoveryOpeners } from './recovery.table.ts';
import type { Wrap } from '@mana/shared/wire/account';

export async function findEmail(transaction: Transaction, accountId: string): Promise<string | undefined> {
  const [row] = await transaction.select({ email: accounts.email }).from(accounts).where(eq(accounts.id, accountId));
  return row?.email;
}

export interface NewPassword {
  readonly accountId: string;
  readonly registrationRecord: string;
  /** The account key sealed under the new password. */
  readonly wrap: Wrap;
  readonly nowMs: number;
}

/** Puts a new password in the place of the old one; the transaction acts as `auth` before and after. */
export async function replacePassword(
  transaction: Transaction,
  { accountId, registrationRecord, wrap, nowMs }: NewPassword,
): Promise<void> {
  await transaction.update(credentials).set({ registrationRecord, createdAtMs: nowMs }).where(eq(credentials.accountId, accountId));
  await become(transaction, { role: 'app', account: accountId });
  await putWrap(transaction, accountId, wrap);
  await become(transaction, { role: 'auth' });
}

/** Ends an account's sessions but one, refresh tokens included, and says which. */
export async function deleteOtherSessions(transaction: Transaction, accountId: string, kept: string | undefined): Promise<string[]> {
  const others = and(eq(sessions.accountId, accountId), kept === undefined ? undefined : ne(sessions.id, kept));
  const ended = await transaction.delete(sessions).where(others).returning({ id: sessions.id });
  return ended.map(({ id }) => id);
}

export async function putRecoveryOpener(transaction: Transaction, accountId: string, publicB64: string): Promise<void> {
  await transaction
    .insert(recoveryOpeners)
    .values({ accountId, publicB64 })
    .onConflictDoUpdate({ target: recoveryOpeners.accountId, set: { publicB64 } });
}

/** What the holder of an account's recovery code needs; undefined where there is no such account, or no code. */
export async function findRecovery(transaction: Transaction, accountId: string) {
  const [row] = await transaction
    .select({ publicB64: recoveryOpeners.publicB64, identity: identities, wrap: wraps })
    .from(recoveryOpeners)
    .innerJoin(identities, eq(identities.accountId, recoveryOpeners.accountId))
    .innerJoin(wraps, and(eq(wraps.accountId, recoveryOpeners.accountId), eq(wraps.kind, 'recovery')))
    .where(eq(recoveryOpeners.accountId, accountId));
  if (!row) return undefined;
  const { accountId: _, ...identity } = row.identity;
  const { version, kind, ivB64, ciphertextB64 } = row.wrap;
  return { publicB64: row.publicB64, identity, wrap: { version, kind, ivB64, ciphertextB64 } };
}

/** Public halves of an account's identity. */
export async function findPublicIdentity(transaction: Transaction, accountId: string) {
  const [row] = await transaction
    .select({ sealingPublicB64: identities.sealingPublicB64, signingPublicB64: identities.signingPublicB64 })
    .from(identities)
    .where(eq(identities.accountId, accountId));
  return row;
}
