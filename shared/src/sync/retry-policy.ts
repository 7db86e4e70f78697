import type { Random } from '#base/random.ts';
import { failureRules } from '#wire/failures.ts';
import type { TransportFailure } from './transport.ts';

/** First wait after a failure, in milliseconds; doubles with each further one. */
export const FIRST_RETRY_MS = 1_000;
/** Longest wait that the back-off chooses, in milliseconds: what a person waits for anyway. */
export const MAX_RETRY_MS = 60_000;
/** Longest wait that a server may ask for, in milliseconds: an hour; a forged header must not silence a device. */
export const MAX_RETRY_AFTER_MS = 3_600_000;

/** What to do after a failed request. */
export type RetryDecision =
  | { readonly kind: 'wait'; readonly delayMs: number; readonly state: 'offline' | 'failing' | 'outdated' }
  /** Waiting does not help: the person must sign in again. */
  | { readonly kind: 'sign-in' };

/**
 * Decides on the next try. `attempt` counts failures in a row from 1; `chance` is in [0, 1).
 * Invariant 1: a wait is between half of the doubled step and all of it, at most a minute. Invariant 2: what the server asks for is
 * waited for, up to an hour. Invariant 3: a lost session is never retried by itself. Invariant 4: what the server will refuse again
 * waits the longest.
 */
export function decideRetry(failure: TransportFailure, attempt: number, chance: number): RetryDecision {
  const { code, retryAfterMs } = failure;
  if (code === 'UNAUTHORIZED' || code === 'TOKEN_EXPIRED' || code === 'TOKEN_INVALID') return { kind: 'sign-in' };
  if (code === 'MALFORMED_ANSWER') return { kind: 'wait', delayMs: spread(MAX_RETRY_MS, chance), state: 'outdated' };
  if (code !== 'OFFLINE' && failureRules[code].retryable === false)
    return { kind: 'wait', delayMs: spread(MAX_RETRY_MS, chance), state: 'failing' };
  const stepMs = Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(attempt - 1, 16));
  const askedMs = Math.min(retryAfterMs ?? 0, MAX_RETRY_AFTER_MS);
  return { kind: 'wait', delayMs: Math.max(spread(stepMs, chance), askedMs), state: code === 'OFFLINE' ? 'offline' : 'failing' };
}

const spread = (stepMs: number, chance: number): number => Math.round(stepMs / 2 + (stepMs / 2) * chance);

/** A number in [0, 1) that spreads the retries of many devices. */
export const chanceOf = (random: Random): number => (random.bytes(1)[0] ?? 0) / 256;
