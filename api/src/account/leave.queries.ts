import { and, eq, gt, inArray, lte, ne, or, sql, type SQL } from 'drizzle-orm';
import { getTableConfig, type PgColumn, type PgTable } from 'drizzle-orm/pg-core';
import { rowsOf, type Transaction } from '../db/database.ts';
import { mails } from '../mail/mails.table.ts';
import { profiles } from '../profile/profile.table.ts';
import { members, pushes, records, sharedPoints, spaceKeys, spaces } from '../sync/sync.table.ts';
import { invitations, leavings, statements } from '../spaces/spaces.table.ts';
import { accounts, attempts, credentials, identities, refreshTokens, sessions, wraps } from './account.table.ts';
import { addressChanges } from './address-changes.table.ts';
import { deletions } from './deletion.table.ts';
import { passkeys } from './passkeys.table.ts';
import { recoveryOpeners } from './recovery.table.ts';
import { backupCodes, totps } from './second-factor.table.ts';
import { securityEvents } from './security-log.table.ts';

interface PersonalTable {
  readonly table: PgTable;
  readonly where: (accountId: string) => SQL | undefined;
}

const byAccount = (table: PgTable & { accountId: PgColumn }): PersonalTable => ({
  table,
  where: (accountId) => eq(table.accountId, accountId),
});
const ofFounder = (accountId: string) => sql`(select ${spaces.id} from ${spaces} where ${spaces.createdBy} = ${accountId})`;
const bySpace = (table: PgTable & { spaceId: PgColumn }): PersonalTable => ({
  table,
  where: (accountId) => sql`${table.spaceId} in ${ofFounder(accountId)}`,
});

/** Every table that holds rows of a person, in an order in which they can go. */
const personalTables: readonly PersonalTable[] = [
  bySpace(records),
  bySpace(sharedPoints),
  // What the account has signed in other people's spaces stays: their chain of statements would break, and its id leads nowhere.
  bySpace(statements),
  {
    table: invitations,
    where: (id) => or(eq(invitations.madeBy, id), eq(invitations.takenBy, id), inArray(invitations.spaceId, ofFounder(id))),
  },
  { table: leavings, where: (id) => or(eq(leavings.accountId, id), inArray(leavings.spaceId, ofFounder(id))) },
  byAccount(spaceKeys),
  byAccount(members),
  byAccount(pushes),
  { table: spaces, where: (accountId) => eq(spaces.createdBy, accountId) },
  byAccount(refreshTokens),
  byAccount(sessions),
  byAccount(attempts),
  byAccount(backupCodes),
  byAccount(totps),
  byAccount(recoveryOpeners),
  byAccount(passkeys),
  byAccount(securityEvents),
  byAccount(deletions),
  byAccount(addressChanges),
  byAccount(mails),
  byAccount(profiles),
  byAccount(wraps),
  byAccount(identities),
  byAccount(credentials),
  { table: accounts, where: (accountId) => eq(accounts.id, accountId) },
];

function nameOfTable(table: PgTable): string {
  const { schema, name } = getTableConfig(table);
  return `${schema}.${name}`;
}

/** Every row of an account, by table; the transaction acts as `leave`. */
export async function readEverything(transaction: Transaction, accountId: string): Promise<Record<string, Record<string, unknown>[]>> {
  const found: Record<string, Record<string, unknown>[]> = {};
  for (const { table, where } of personalTables.toReversed()) {
    const whole = sql`to_jsonb(${sql.identifier(getTableConfig(table).name)})`;
    const answer = await transaction.execute(sql`select ${whole} as row from ${table} where ${where(accountId)}`);
    found[nameOfTable(table)] = rowsOf<{ row: Record<string, unknown> }>(answer).map(({ row }) => row);
  }
  return found;
}

/** Deletes every row of an account; the transaction acts as `leave`. */
export async function deleteEverything(transaction: Transaction, accountId: string): Promise<void> {
  for (const { table, where } of personalTables) await transaction.delete(table).where(where(accountId));
}

/** Whether others are in a space that the account founded; the transaction acts as `live`. */
export async function sharesOwnSpace(transaction: Transaction, founded: readonly string[], accountId: string): Promise<boolean> {
  if (founded.length === 0) return false;
  const others = and(inArray(members.spaceId, [...founded]), ne(members.accountId, accountId));
  const rows = await transaction.select({ spaceId: members.spaceId }).from(members).where(others).limit(1);
  return rows.length > 0;
}

/** Spaces that an account founded; the transaction acts as `leave`. */
export async function foundedSpaces(transaction: Transaction, accountId: string): Promise<string[]> {
  const rows = await transaction.select({ id: spaces.id }).from(spaces).where(eq(spaces.createdBy, accountId));
  return rows.map(({ id }) => id);
}

export async function findDeletion(transaction: Transaction, accountId: string): Promise<number | undefined> {
  const [row] = await transaction.select({ dueAtMs: deletions.dueAtMs }).from(deletions).where(eq(deletions.accountId, accountId));
  return row?.dueAtMs;
}

/** Keeps the first request: asking again does not put it off. */
export async function insertDeletion(
  transaction: Transaction,
  deletion: { accountId: string; requestedAtMs: number; dueAtMs: number },
): Promise<void> {
  await transaction.insert(deletions).values(deletion).onConflictDoNothing();
}

/** Takes a deletion back; false when there was none. */
export async function deleteDeletion(transaction: Transaction, accountId: string, nowMs: number): Promise<boolean> {
  const open = and(eq(deletions.accountId, accountId), gt(deletions.dueAtMs, nowMs));
  return (await transaction.delete(deletions).where(open).returning({ accountId: deletions.accountId })).length > 0;
}

/** Accounts whose time is over. */
export async function listDueDeletions(transaction: Transaction, nowMs: number): Promise<string[]> {
  const rows = await transaction.select({ accountId: deletions.accountId }).from(deletions).where(lte(deletions.dueAtMs, nowMs));
  return rows.map(({ accountId }) => accountId);
}
