import type { Clock } from '@mana/shared/base/clock';

/** Remembers when this process could not do its work, so that a sign-in cut off by it is not held against anybody. */
export interface Trouble {
  note(): void;
  /** Whether the server may have been at fault at any moment of the span. */
  during(fromMs: number, toMs: number): boolean;
}

const keptMoments = 1_000; // one a second at most: a quarter of an hour of constant failure

export function createTrouble(clock: Clock): Trouble {
  const startedMs = clock.nowMs();
  const moments: number[] = [];
  return {
    note: () => {
      const nowMs = clock.nowMs();
      if (nowMs - (moments.at(-1) ?? 0) < 1_000) return;
      moments.push(nowMs);
      if (moments.length > keptMoments) moments.shift();
    },
    // Nobody knows what happened before this process started.
    during: (fromMs, toMs) => fromMs < startedMs || moments.some((moment) => moment >= fromMs - 1_000 && moment <= toMs + 1_000),
  };
}
