import type { Clock } from '#base/clock.ts';

/** Real time that many devices share, each with a clock of its own. */
export interface FakeTime {
  /** Milliseconds since 1970. */
  nowMs: number;
  /** Runs the timers that are due until `nowMs`. */
  advance(ms: number): void;
  after(delayMs: number, run: () => void): () => void;
}

/** A clock that a test sets. */
export interface FakeClock extends Clock {
  /** How far the wall clock is off, in milliseconds. */
  skewMs: number;
}

/** Time that only moves when told. */
export function createFakeTime(startMs = Date.UTC(2033, 4, 18)): FakeTime {
  let timers: { readonly dueMs: number; readonly run: () => void }[] = [];
  const time: FakeTime = {
    nowMs: startMs,
    advance(ms) {
      time.nowMs += ms;
      const due = timers.filter((timer) => timer.dueMs <= time.nowMs).toSorted((a, b) => a.dueMs - b.dueMs);
      timers = timers.filter((timer) => timer.dueMs > time.nowMs);
      for (const timer of due) timer.run();
    },
    after(delayMs, run) {
      const timer = { dueMs: time.nowMs + delayMs, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
  };
  return time;
}

/** A device's clock over shared time: the wall clock is off by `skewMs`, the monotonic one counts from its making. */
export function createFakeClock(time: FakeTime, skewMs = 0): FakeClock {
  const startMs = time.nowMs;
  const clock: FakeClock = {
    skewMs,
    nowMs: () => time.nowMs + clock.skewMs,
    monotonicMs: () => time.nowMs - startMs,
  };
  return clock;
}
