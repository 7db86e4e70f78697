import { and, desc, eq, gt, sql } from 'drizzle-orm';
import type { Transaction } from '../db/database.ts';
import { refreshTokens, sessions } from './account.table.ts';

export type SessionRow = typeof sessions.$inferSelect;

export async function insertSession(transaction: Transaction, session: SessionRow): Promise<void> {
  await transaction.insert(sessions).values(session);
}

/** Living sessions by the hashes of their tokens, in one statement, whose text does not change with their number. */
export async function findSessionsByToken(
  transaction: Transaction,
  tokenHashes: readonly string[],
  nowMs: number,
): Promise<Map<string, SessionRow>> {
  const rows = await transaction
    .select()
    .from(sessions)
    .where(and(sql`${sessions.tokenHash} = any(string_to_array(${tokenHashes.join(',')}, ','))`, gt(sessions.expiresAtMs, nowMs)));
  return new Map(rows.map((row) => [row.tokenHash, row]));
}

export async function findSession(transaction: Transaction, id: string, nowMs: number): Promise<SessionRow | undefined> {
  const [row] = await transaction
    .select()
    .from(sessions)
    .where(and(eq(sessions.id, id), gt(sessions.expiresAtMs, nowMs)));
  return row;
}

export async function touchSession(
  transaction: Transaction,
  id: string,
  times: { lastUsedAtMs: number; expiresAtMs: number },
): Promise<void> {
  await transaction.update(sessions).set(times).where(eq(sessions.id, id));
}

export const listSessions = (transaction: Transaction, accountId: string, nowMs: number): Promise<SessionRow[]> =>
  transaction
    .select()
    .from(sessions)
    .where(and(eq(sessions.accountId, accountId), gt(sessions.expiresAtMs, nowMs)))
    .orderBy(desc(sessions.lastUsedAtMs));

/** Ends a session of an account, its refresh tokens included; false when there is no such session. */
export async function deleteSession(transaction: Transaction, accountId: string, id: string): Promise<boolean> {
  const deleted = await transaction
    .delete(sessions)
    .where(and(eq(sessions.id, id), eq(sessions.accountId, accountId)))
    .returning({ id: sessions.id });
  return deleted.length > 0;
}

export async function insertRefreshToken(
  transaction: Transaction,
  token: { tokenHash: string; accountId: string; sessionId: string; createdAtMs: number },
): Promise<void> {
  await transaction.insert(refreshTokens).values(token);
}

/** Reads a refresh token and holds its row until the transaction ends. */
export async function lockRefreshToken(transaction: Transaction, tokenHash: string) {
  const [row] = await transaction.select().from(refreshTokens).where(eq(refreshTokens.tokenHash, tokenHash)).for('update');
  return row;
}

export async function spendRefreshToken(transaction: Transaction, tokenHash: string, spentAtMs: number): Promise<void> {
  await transaction.update(refreshTokens).set({ spentAtMs }).where(eq(refreshTokens.tokenHash, tokenHash));
}
