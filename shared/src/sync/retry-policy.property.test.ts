import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { failureRules, type FailureCode } from '#wire/failures.ts';
import { decideRetry, FIRST_RETRY_MS, MAX_RETRY_AFTER_MS, MAX_RETRY_MS } from './retry-policy.ts';
import type { TransportFailure } from './transport.ts';

const codes = fc.constantFrom<TransportFailure['code'][]>('OFFLINE', 'MALFORMED_ANSWER', ...(Object.keys(failureRules) as FailureCode[]));
const attempts = fc.integer({ min: 1, max: 100 });
const chances = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const lost = new Set(['UNAUTHORIZED', 'TOKEN_EXPIRED', 'TOKEN_INVALID']);

test('invariant 1: a wait lies between half of its step and all of it, at most a minute', () => {
  fc.assert(
    fc.property(attempts, chances, (attempt, chance) => {
      const decision = decideRetry({ code: 'OFFLINE' }, attempt, chance);
      const stepMs = Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** (attempt - 1));
      expect(decision).toMatchObject({ kind: 'wait', state: 'offline' });
      if (decision.kind === 'wait') expect(decision.delayMs >= Math.floor(stepMs / 2) && decision.delayMs <= stepMs).toBe(true);
    }),
  );
});

test('invariant 2: what the server asks for is waited for, up to an hour', () => {
  fc.assert(
    fc.property(attempts, chances, fc.integer({ min: 0, max: 1e9 }), (attempt, chance, retryAfterMs) => {
      const decision = decideRetry({ code: 'RATE_LIMITED', retryAfterMs }, attempt, chance);
      if (decision.kind !== 'wait') throw new Error('a limited rate is waited for');
      expect(decision.delayMs >= Math.min(retryAfterMs, MAX_RETRY_AFTER_MS)).toBe(true);
      expect(decision.delayMs <= MAX_RETRY_AFTER_MS).toBe(true);
    }),
  );
});

test('invariant 3: a lost session is never retried by itself, everything else is', () => {
  fc.assert(
    fc.property(codes, attempts, chances, (code, attempt, chance) => {
      expect(decideRetry({ code }, attempt, chance).kind).toBe(lost.has(code) ? 'sign-in' : 'wait');
    }),
  );
});

test('invariant 4: what the server will refuse again waits the longest', () => {
  fc.assert(
    fc.property(codes, attempts, chances, (code, attempt, chance) => {
      const decision = decideRetry({ code }, attempt, chance);
      const refusedAgain = code === 'MALFORMED_ANSWER' || (code !== 'OFFLINE' && failureRules[code].retryable === false);
      if (decision.kind === 'wait' && refusedAgain) expect(decision.delayMs >= MAX_RETRY_MS / 2).toBe(true);
    }),
  );
});
