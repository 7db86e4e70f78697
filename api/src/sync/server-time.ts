import type { Clock } from '@mana/shared/base/clock';
import type { Database } from '../db/database.ts';
import { raiseHighWater, readServerState } from './sync.queries.ts';

/** The time that the server gives out and judges stamps by; it never goes back, restarts included. */
export interface ServerTime {
  readonly generation: number;
  /** Whether this history went through a generation before. */
  knows(generation: number): boolean;
  /** Milliseconds since 1970. Not to be called inside a transaction: it may write. */
  now(): Promise<number>;
  /** Persists exactly what was given out; for an orderly stop. */
  close(): Promise<void>;
}

const reserveMs = 1_000; // one write a second at most; after a kill the time may stand still that long

/** Times are reserved in the database before they are given out: what a killed process gave out is known to the next one. */
export async function createServerTime({ db, clock }: { db: Database; clock: Clock }): Promise<ServerTime> {
  const { generation, earlierGenerations, highWaterMs } = await db.as({ role: 'nobody' }, readServerState);
  let lastMs = highWaterMs;
  let reservedMs = highWaterMs;
  const persist = (untilMs: number) => db.as({ role: 'nobody' }, (transaction) => raiseHighWater(transaction, untilMs));
  let reserving: Promise<void> | undefined;
  // Who asks while a reservation is written waits for that one: a thousand at once write once.
  const reserve = async (nowMs: number): Promise<void> => {
    while (nowMs > reservedMs) {
      reserving ??= persist(nowMs + reserveMs)
        .then(() => {
          reservedMs = Math.max(reservedMs, nowMs + reserveMs);
        })
        .finally(() => (reserving = undefined));
      await reserving;
    }
  };
  return {
    generation,
    knows: (other) => earlierGenerations.includes(other),
    now: async () => {
      const nowMs = Math.max(lastMs, clock.nowMs());
      await reserve(nowMs);
      lastMs = Math.max(lastMs, nowMs);
      return lastMs;
    },
    close: () => persist(lastMs),
  };
}
