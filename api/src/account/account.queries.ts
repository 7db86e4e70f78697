import { and, eq, getTableColumns, getTableName, lte, sql, type SQL } from 'drizzle-orm';
import { getTableConfig, type PgTable } from 'drizzle-orm/pg-core';
import type { Identity as SealedIdentity, Wrap } from '@mana/shared/wire/account';
import { rowsOf, type Transaction } from '../db/database.ts';
import { mails } from '../mail/mails.table.ts';
import { profiles } from '../profile/profile.table.ts';
import { readProfile } from '../profile/profile.queries.ts';
import { memberSpaces } from '../sync/spaces.queries.ts';
import { members, spaceKeys, spaces } from '../sync/sync.table.ts';
import { listPasskeyWraps } from './passkeys.queries.ts';
import { passkeys } from './passkeys.table.ts';
import { pendingSignUps } from './pending-sign-ups.table.ts';
import { recoveryOpeners } from './recovery.table.ts';
import { backupCodes, totps } from './second-factor.table.ts';
import { securityEvents } from './security-log.table.ts';
import { accounts, attempts, credentials, identities, refreshTokens, sessions, throttles, wraps } from './account.table.ts';

export interface Credential {
  readonly accountId: string;
  readonly registrationRecord: string;
}

export async function findCredential(transaction: Transaction, email: string): Promise<Credential | undefined> {
  const [row] = await transaction
    .select({ accountId: accounts.id, registrationRecord: credentials.registrationRecord })
    .from(accounts)
    .innerJoin(credentials, eq(credentials.accountId, accounts.id))
    .where(eq(accounts.email, email));
  return row;
}

export interface NewAccount {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly createdAtMs: number;
  readonly registrationRecord: string;
  readonly wraps: readonly Wrap[];
  readonly identity: SealedIdentity;
}

export async function insertAccount(transaction: Transaction, account: NewAccount): Promise<void> {
  const { id: accountId, email, name, createdAtMs, registrationRecord } = account;
  await transaction.insert(accounts).values({ id: accountId, email, name, createdAtMs });
  await transaction.insert(credentials).values({ accountId, scheme: 'opaque-1', registrationRecord, createdAtMs });
  await transaction.insert(wraps).values(account.wraps.map((wrap) => ({ ...wrap, accountId })));
  await transaction.insert(identities).values({ ...account.identity, accountId });
}

export async function putWrap(transaction: Transaction, accountId: string, wrap: Wrap): Promise<void> {
  const { kind: _, ...content } = wrap;
  await transaction
    .insert(wraps)
    .values({ ...wrap, accountId })
    .onConflictDoUpdate({ target: [wraps.accountId, wraps.kind], set: content });
}

/** Whether an account was made before a moment. */
export async function isOlderThan(transaction: Transaction, accountId: string, momentMs: number): Promise<boolean> {
  const rows = await transaction
    .select({ id: accounts.id })
    .from(accounts)
    .where(and(eq(accounts.id, accountId), lte(accounts.createdAtMs, momentMs)));
  return rows.length > 0;
}

/** How an account is called; undefined when it is gone. */
export async function findAccountNames(transaction: Transaction, accountId: string) {
  const [row] = await transaction.select({ email: accounts.email, name: accounts.name }).from(accounts).where(eq(accounts.id, accountId));
  return row;
}

/** Everything a device needs to open the vault; undefined when the account is gone. */
export async function findAccount(transaction: Transaction, accountId: string) {
  const [account] = await transaction
    .select({ id: accounts.id, email: accounts.email, name: accounts.name })
    .from(accounts)
    .where(eq(accounts.id, accountId));
  const [identity] = await transaction.select().from(identities).where(eq(identities.accountId, accountId));
  if (!account || !identity) return undefined;
  const { accountId: _, ...publicIdentity } = identity;
  const { accountId: __, ...wrapColumns } = getTableColumns(wraps);
  const ownWraps = await transaction.select(wrapColumns).from(wraps).where(eq(wraps.accountId, accountId)).orderBy(wraps.kind);
  return {
    ...account,
    profile: await readProfile(transaction, accountId),
    identity: publicIdentity,
    wraps: ownWraps,
    passkeyWraps: await listPasskeyWraps(transaction, accountId),
    spaces: await memberSpaces(transaction, accountId),
  };
}

const beforeSignIn = [accounts, credentials, pendingSignUps, attempts, throttles, sessions, refreshTokens, mails];
const ofAccount = [accounts, profiles, wraps, passkeys, identities, securityEvents, totps, backupCodes, recoveryOpeners];
const afterSignIn = [...ofAccount, spaces, members, spaceKeys];

/**
 * Throws when a column that signing in needs is gone. A sign-in that cannot succeed must not begin:
 * else a right password would meet an error where a wrong one is told that it is wrong.
 */
export async function probeSignIn(transaction: Transaction, part: 'before' | 'after'): Promise<void> {
  const probes = (part === 'before' ? beforeSignIn : afterSignIn).map(namesEveryColumn);
  rowsOf(await transaction.execute(sql`select ${sql.join(probes, sql`, `)}`));
}

function namesEveryColumn(table: PgTable): SQL {
  const columns = Object.values(getTableColumns(table)).map((column) => sql.identifier(column.name));
  const name = sql`${sql.identifier(getTableConfig(table).schema ?? 'public')}.${sql.identifier(getTableName(table))}`;
  return sql`exists (select ${sql.join(columns, sql`, `)} from ${name} where false)`;
}
