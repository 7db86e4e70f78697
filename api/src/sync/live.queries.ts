import { and, eq, gt, inArray } from 'drizzle-orm';
import { sessions } from '../account/account.table.ts';
import type { Transaction } from '../db/database.ts';
import { members, spaces } from './sync.table.ts';

/** Where each space of an account stands: its sequence number by its id. */
export type Standing = ReadonlyMap<string, number>;

/** Standings of many accounts in one statement; an account without a space is not in the answer. */
export async function readStandings(transaction: Transaction, accountIds: readonly string[]): Promise<Map<string, Standing>> {
  const rows = await transaction
    .select({ accountId: members.accountId, space: spaces.id, seq: spaces.seq })
    .from(members)
    .innerJoin(spaces, eq(spaces.id, members.spaceId))
    .where(inArray(members.accountId, [...accountIds]));
  const standings = new Map<string, Map<string, number>>();
  for (const { accountId, space, seq } of rows) standings.set(accountId, (standings.get(accountId) ?? new Map()).set(space, seq));
  return standings;
}

/** Those of the sessions that neither ended nor expired, each with itself. */
export async function readLivingSessions(transaction: Transaction, ids: readonly string[], nowMs: number): Promise<Map<string, string>> {
  const rows = await transaction
    .select({ id: sessions.id })
    .from(sessions)
    .where(and(inArray(sessions.id, [...ids]), gt(sessions.expiresAtMs, nowMs)));
  return new Map(rows.map(({ id }) => [id, id]));
}
