import { and, eq, gt, inArray, lte, sql } from 'drizzle-orm';
import type { Transaction } from '../db/database.ts';
import { networkLimits } from './account.table.ts';

const longestWindowMs = 2 * 86_400_000; // a day's count is still asked for on the next morning
const forgottenAtOnce = 20; // each hit forgets more than it adds

/** Hits of a key in its current window. */
export async function countHits(transaction: Transaction, limitKey: string, windowStartedAfterMs: number): Promise<number> {
  const [row] = await transaction
    .select({ hits: networkLimits.hits })
    .from(networkLimits)
    .where(and(eq(networkLimits.limitKey, limitKey), gt(networkLimits.windowStartMs, windowStartedAfterMs)));
  return row?.hits ?? 0;
}

export interface Hit {
  readonly limitKey: string;
  readonly nowMs: number;
  readonly windowMs: number;
  /** From this many hits on the window ends only after a rest. */
  readonly rest?: { readonly afterHits: number; readonly restMs: number };
}

/** Adds a hit and answers how many there are in the window, in one statement; a window that is over starts again. */
export async function takeHit(transaction: Transaction, { limitKey, nowMs, windowMs, rest }: Hit): Promise<number> {
  await forgetOld(transaction, nowMs);
  const over = sql`${networkLimits.windowStartMs} <= ${nowMs - windowMs}`;
  const hits = sql`case when ${over} then 1 else ${networkLimits.hits} + 1 end`;
  const begins = sql`case when ${over} then ${nowMs} else ${networkLimits.windowStartMs} end`;
  // A window that begins in the future ends later by as much: that is the rest.
  const windowStartMs = rest
    ? sql`case when ${hits} >= ${rest.afterHits} then ${nowMs + rest.restMs - windowMs} else ${begins} end`
    : begins;
  const [row] = await transaction
    .insert(networkLimits)
    .values({ limitKey, windowStartMs: nowMs, hits: 1 })
    .onConflictDoUpdate({ target: networkLimits.limitKey, set: { hits, windowStartMs } })
    .returning();
  return row?.hits ?? 0;
}

/** Forgets a key: what was proven right ends the count of what was wrong. */
export async function clearHits(transaction: Transaction, limitKey: string): Promise<void> {
  await transaction.delete(networkLimits).where(eq(networkLimits.limitKey, limitKey));
}

/** How long the key's window still lasts, in milliseconds. */
export async function windowLeftMs(transaction: Transaction, { limitKey, nowMs, windowMs }: Omit<Hit, 'rest'>): Promise<number> {
  const [row] = await transaction.select().from(networkLimits).where(eq(networkLimits.limitKey, limitKey));
  return row ? Math.max(0, row.windowStartMs + windowMs - nowMs) : 0;
}

async function forgetOld(transaction: Transaction, nowMs: number): Promise<void> {
  const old = transaction
    .select({ limitKey: networkLimits.limitKey })
    .from(networkLimits)
    .where(lte(networkLimits.windowStartMs, nowMs - longestWindowMs))
    .limit(forgottenAtOnce)
    .for('update', { skipLocked: true }); // two that forget the same rows must not wait for each other
  await transaction.delete(networkLimits).where(inArray(networkLimits.limitKey, old));
}
