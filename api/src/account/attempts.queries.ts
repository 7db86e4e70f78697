import { and, eq, gt, lte, ne, sql } from 'drizzle-orm';
import type { Transaction } from '../db/database.ts';
import { attempts, throttles } from './account.table.ts';

export type AttemptState = 'open' | 'ok' | 'rejected' | 'infra';

/** Until when a key is locked; holds the key's row until the transaction ends, so that attempts on it are counted one after the other. */
export async function lockThrottle(transaction: Transaction, throttleKey: string): Promise<number> {
  const [row] = await transaction
    .insert(throttles)
    .values({ throttleKey, lockedUntilMs: 0 })
    .onConflictDoUpdate({ target: throttles.throttleKey, set: { throttleKey } })
    .returning();
  return row?.lockedUntilMs ?? 0;
}

export async function setLockedUntil(transaction: Transaction, throttleKey: string, lockedUntilMs: number): Promise<void> {
  await transaction.update(throttles).set({ lockedUntilMs }).where(eq(throttles.throttleKey, throttleKey));
}

export async function insertAttempt(
  transaction: Transaction,
  attempt: { id: string; throttleKey: string; accountId: string | null; openedAtMs: number },
): Promise<void> {
  await transaction.insert(attempts).values({ ...attempt, state: 'open' });
}

/** Closes an attempt that is still open and was opened after `openedAfterMs`; false when there is none: each closes once. */
export async function closeAttempt(
  transaction: Transaction,
  close: { id: string; state: AttemptState; nowMs: number; openedAfterMs: number },
): Promise<boolean> {
  const closed = await transaction
    .update(attempts)
    .set({ state: close.state, closedAtMs: close.nowMs })
    .where(and(eq(attempts.id, close.id), eq(attempts.state, 'open'), gt(attempts.openedAtMs, close.openedAfterMs)))
    .returning({ id: attempts.id });
  return closed.length === 1;
}

export const listOpenAttempts = (transaction: Transaction, throttleKey: string) =>
  transaction
    .select({ id: attempts.id, openedAtMs: attempts.openedAtMs })
    .from(attempts)
    .where(and(eq(attempts.throttleKey, throttleKey), eq(attempts.state, 'open')));

export async function countRejected(transaction: Transaction, throttleKey: string, closedAfterMs: number): Promise<number> {
  const [row] = await transaction
    .select({ count: sql<number>`count(*)::int` })
    .from(attempts)
    .where(and(eq(attempts.throttleKey, throttleKey), eq(attempts.state, 'rejected'), gt(attempts.closedAtMs, closedAfterMs)));
  return row?.count ?? 0;
}

/** Forgets closed attempts of a key: all of them after a success, else those that no longer count. */
export async function deleteClosedAttempts(transaction: Transaction, throttleKey: string, closedBeforeMs: number): Promise<void> {
  await transaction
    .delete(attempts)
    .where(and(eq(attempts.throttleKey, throttleKey), ne(attempts.state, 'open'), lte(attempts.closedAtMs, closedBeforeMs)));
}
