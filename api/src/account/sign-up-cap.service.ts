import { err, ok, type Result } from '@mana/shared/base/result';
import type { Transaction } from '../db/database.ts';
import type { Deps } from '../deps.ts';
import { failure, type Failure } from '../http/failure.ts';
import { countHits, takeHit } from './limits.queries.ts';

const dayMs = 86_400_000;

type CapDeps = Pick<Deps, 'config' | 'clock'>;

const dayStartMs = (nowMs: number): number => nowMs - (nowMs % dayMs);
const limitKeyOf = (nowMs: number): string => `sign-ups ${new Date(nowMs).toISOString().slice(0, 10)}`;

/** Days are counted in UTC: the reset is at the same moment for everybody. */
const full = (nowMs: number) =>
  err(failure('SIGNUP_LIMIT_REACHED', { retryAfterSec: Math.ceil((dayStartMs(nowMs) + dayMs - nowMs) / 1_000) }));

/** Takes one of the day's places for new accounts, in the transaction that makes one: it is free again when that fails. */
export async function takePlace({ config, clock }: CapDeps, transaction: Transaction): Promise<Result<void, Failure>> {
  if (config.maxDailySignUps === 0) return ok(undefined);
  const nowMs = clock.nowMs();
  const taken = await takeHit(transaction, { limitKey: limitKeyOf(nowMs), nowMs, windowMs: dayMs });
  return taken <= config.maxDailySignUps ? ok(undefined) : full(nowMs);
}

/** Refuses who comes when every place of the day is taken, before anything is asked of them. */
export async function admitSignUp(deps: CapDeps, transaction: Transaction): Promise<Result<void, Failure>> {
  const { open } = await signUpStatus(deps, transaction);
  return open ? ok(undefined) : full(deps.clock.nowMs());
}

/** Whether accounts can be made, how many more today, and when the count begins anew. */
export async function signUpStatus({ config, clock }: CapDeps, transaction: Transaction) {
  const { maxDailySignUps: limit } = config;
  const mail = config.mail !== undefined;
  if (limit === 0) return { open: true, mail, limit: null, left: null, resetsAt: null };
  const nowMs = clock.nowMs();
  const taken = await countHits(transaction, limitKeyOf(nowMs), dayStartMs(nowMs) - dayMs);
  const left = Math.max(0, limit - taken);
  return { open: left > 0, mail, limit, left, resetsAt: new Date(dayStartMs(nowMs) + dayMs).toISOString() };
}
