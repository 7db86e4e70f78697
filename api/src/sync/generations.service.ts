import type { Clock } from '@mana/shared/base/clock';
import type { Database } from '../db/database.ts';
import type { Deps } from '../deps.ts';
import { beginGeneration, readSharedPoints } from './sync.queries.ts';

// [Note: generations] A database that was restored from a backup goes on from an earlier point: what came after it is on the devices alone.
// A generation names one such history. Devices that come from another one keep what both share and offer the rest again.

const firstMomentMs = Date.UTC(2026, 0, 1); // seconds since then fit the nine digits of a cursor for 31 years

/** The number of a generation that begins now. */
export const generationNumber = (nowMs: number): number => Math.floor((nowMs - firstMomentMs) / 1_000);

/**
 * Begins a new generation: to be called after the database was restored from a backup and before it serves again. Its number is the time,
 * so that two restorations of the same backup never give the same number to different histories.
 */
export const startGeneration = ({ db, clock }: { db: Database; clock: Clock }): Promise<number> =>
  db.as({ role: 'nobody' }, (transaction) => beginGeneration(transaction, generationNumber(clock.nowMs())));

/** Up to where each of the account's spaces is what a client of another generation knows; nothing of one that this history never went through. */
export async function sharedWith({ db, serverTime }: Deps, accountId: string, from: number): Promise<Record<string, number>> {
  const points = await db.as({ role: 'app', account: accountId }, (transaction) =>
    readSharedPoints(transaction, accountId, { from, current: serverTime.generation }),
  );
  return serverTime.knows(from) ? points : Object.fromEntries(Object.keys(points).map((space) => [space, 0]));
}
