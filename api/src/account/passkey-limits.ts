import { err, ok, type Result } from '@mana/shared/base/result';
import type { Transaction } from '../db/database.ts';
import type { Deps } from '../deps.ts';
import { failure, type Failure } from '../http/failure.ts';
import { networkOf } from '../http/network.ts';
import { clearHits, countHits, takeHit, windowLeftMs } from './limits.queries.ts';

const minuteMs = 60_000;
const maxOptions = 20; // questions that one network may ask for in a minute
const maxFailures = 10; // answers for one credential that may be wrong in a minute
const restMs = 5 * minuteMs; // after that many, the credential rests

type LimitDeps = Pick<Deps, 'db' | 'clock'>;

const inSeconds = (ms: number): number => Math.max(1, Math.ceil(ms / 1_000));

/** Counts a request for options; refuses it above the limit. */
export async function admitOptions({ db, clock }: LimitDeps, request: Request): Promise<Result<void, Failure>> {
  const hit = { limitKey: `passkey-options ${networkOf(request)}`, nowMs: clock.nowMs(), windowMs: minuteMs };
  return db.as({ role: 'auth' }, async (transaction) => {
    if ((await takeHit(transaction, hit)) <= maxOptions) return ok(undefined);
    return err(failure('RATE_LIMITED', { retryAfterSec: inSeconds(await windowLeftMs(transaction, hit)) }));
  });
}

const failuresKey = (credentialId: string): string => `passkey-failures ${credentialId}`;

/** Refuses a credential that rests. */
export async function admitVerification({ db, clock }: LimitDeps, credentialId: string): Promise<Result<void, Failure>> {
  const window = { limitKey: failuresKey(credentialId), nowMs: clock.nowMs(), windowMs: minuteMs };
  return db.as({ role: 'auth' }, async (transaction) => {
    const failures = await countHits(transaction, window.limitKey, window.nowMs - minuteMs);
    if (failures < maxFailures) return ok(undefined);
    return err(failure('RATE_LIMITED', { retryAfterSec: inSeconds(await windowLeftMs(transaction, window)) }));
  });
}

export const countVerificationFailure = (transaction: Transaction, credentialId: string, nowMs: number): Promise<number> =>
  takeHit(transaction, {
    limitKey: failuresKey(credentialId),
    nowMs,
    windowMs: minuteMs,
    rest: { afterHits: maxFailures, restMs },
  });

export const forgetVerificationFailures = ({ db }: LimitDeps, credentialId: string): Promise<void> =>
  db.as({ role: 'auth' }, (transaction) => clearHits(transaction, failuresKey(credentialId)));
