import { err, ok, type Result } from '@mana/shared/base/result';
import type { Transaction } from '../db/database.ts';
import { failure, type Failure } from '../http/failure.ts';
import {
  closeAttempt,
  countRejected,
  deleteClosedAttempts,
  insertAttempt,
  listOpenAttempts,
  lockThrottle,
  setLockedUntil,
} from './attempts.queries.ts';
import type { Trouble } from './trouble.ts';

/** Time between the two halves of a sign-in; a guesser never sends the second, so silence counts as a wrong guess. */
const attemptLifeMs = 60_000;

const windowMs = 15 * 60_000;
const lockMs = 30 * 60_000;
const maxRejected = 5;

const lockedFor = (remainingMs: number): Failure => failure('ACCOUNT_LOCKED', { retryAfterSec: Math.ceil(remainingMs / 1_000) });

export interface NewAttempt {
  readonly id: string;
  readonly throttleKey: string;
  readonly accountId: string | null;
  readonly nowMs: number;
}

export interface OpenedAttempt {
  readonly result: Result<void, Failure>;
  /** Whether the key was locked by this, and not before. */
  readonly locksNow: boolean;
}

const refused = (error: Failure): OpenedAttempt => ({ result: err(error), locksNow: false });

/**
 * Opens an attempt unless the key is locked. Open ones count like wrong ones: whoever starts a thousand at once gets five.
 */
export async function openAttempt(transaction: Transaction, trouble: Trouble, attempt: NewAttempt): Promise<OpenedAttempt> {
  const { throttleKey, nowMs } = attempt;
  const lockedUntilMs = await lockThrottle(transaction, throttleKey);
  if (lockedUntilMs > nowMs) return refused(lockedFor(lockedUntilMs - nowMs));
  await deleteClosedAttempts(transaction, throttleKey, nowMs - windowMs);
  const open = await settleSilent(transaction, trouble, attempt);
  if (await lockIfDue(transaction, throttleKey, nowMs)) return { result: err(lockedFor(lockMs)), locksNow: true };
  const rejected = await countRejected(transaction, throttleKey, nowMs - windowMs);
  if (rejected + open.length >= maxRejected) {
    const oldestMs = Math.min(...open.map(({ openedAtMs }) => openedAtMs));
    return refused(failure('RATE_LIMITED', { retryAfterSec: Math.ceil((oldestMs + attemptLifeMs - nowMs) / 1_000) }));
  }
  await insertAttempt(transaction, { id: attempt.id, throttleKey, accountId: attempt.accountId, openedAtMs: nowMs });
  return { result: ok(undefined), locksNow: false };
}

/** Closes attempts that were left open, and returns those that still may be finished. */
async function settleSilent(transaction: Transaction, trouble: Trouble, { throttleKey, nowMs }: NewAttempt) {
  const open = await listOpenAttempts(transaction, throttleKey);
  const silent = open.filter(({ openedAtMs }) => openedAtMs <= nowMs - attemptLifeMs);
  for (const { id, openedAtMs } of silent) {
    const closedMs = openedAtMs + attemptLifeMs;
    const state = trouble.during(openedAtMs, closedMs) ? 'infra' : 'rejected';
    await closeAttempt(transaction, { id, state, nowMs: closedMs, openedAfterMs: 0 });
  }
  return open.filter((attempt) => !silent.includes(attempt));
}

export interface Closing {
  readonly id: string;
  readonly throttleKey: string;
  readonly nowMs: number;
}

/** Closes an attempt as wrong, and locks its key when that was one too many; not closed when it was before, or is too old. */
export async function closeRejected(
  transaction: Transaction,
  { id, throttleKey, nowMs }: Closing,
): Promise<{ closed: boolean; locksNow: boolean }> {
  await lockThrottle(transaction, throttleKey);
  const closed = await closeAttempt(transaction, { id, state: 'rejected', nowMs, openedAfterMs: nowMs - attemptLifeMs });
  return { closed, locksNow: closed && (await lockIfDue(transaction, throttleKey, nowMs)) };
}

/** Closes an attempt whose password is right and whose second step is missing: no guess, and no success that would forget earlier ones. */
export const closeHalfway = (transaction: Transaction, { id, nowMs }: Closing): Promise<boolean> =>
  closeAttempt(transaction, { id, state: 'ok', nowMs, openedAfterMs: nowMs - attemptLifeMs });

/** Closes an attempt as right and forgets the wrong ones before it; false when it was closed before or too old. */
export async function closeSucceeded(transaction: Transaction, { id, throttleKey, nowMs }: Closing): Promise<boolean> {
  const closed = await closeAttempt(transaction, { id, state: 'ok', nowMs, openedAfterMs: nowMs - attemptLifeMs });
  if (closed) await deleteClosedAttempts(transaction, throttleKey, nowMs);
  return closed;
}

async function lockIfDue(transaction: Transaction, throttleKey: string, nowMs: number): Promise<boolean> {
  if ((await countRejected(transaction, throttleKey, nowMs - windowMs)) < maxRejected) return false;
  await setLockedUntil(transaction, throttleKey, nowMs + lockMs);
  return true;
}
