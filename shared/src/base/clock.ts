/** Where a part of the program reads the time; always an argument, so that tests decide what time it is. */
export interface Clock {
  /** Wall-clock time in milliseconds since 1970, UTC. It may jump. */
  nowMs(): number;
  /** Milliseconds since an arbitrary start; never goes back, also when the wall clock is set. */
  monotonicMs(): number;
}

/** The clock of the machine. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};
