import type { Clock } from '@mana/shared/base/clock';

/** A clock that a test sets and moves. */
export interface TestClock extends Clock {
  advance(ms: number): void;
  set(nowMs: number): void;
}

export function createTestClock(startMs = Date.parse('2026-11-25T08:00:00.000Z')): TestClock {
  let nowMs = startMs;
  let monotonicMs = 0;
  return {
    nowMs: () => nowMs,
    monotonicMs: () => monotonicMs,
    advance: (ms) => {
      nowMs += ms;
      monotonicMs += ms;
    },
    set: (ms) => {
      nowMs = ms;
    },
  };
}
