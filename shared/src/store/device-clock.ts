import type { Clock } from '#base/clock.ts';

/** Wall and monotonic clock may drift apart by this much before it counts as a jump: slewing and rounding, in milliseconds. */
const maxDriftMs = 1_000;

/** A reading of the corrected clock. */
export interface Reading {
  /** Best known time of the server, in milliseconds since 1970. */
  readonly ms: number;
  /** Whether it was measured in this session and no jump came since. */
  readonly trusted: boolean;
  /** What an edit remembers of its making: `ms` when trusted, else the bare wall clock. */
  readonly madeMs: number;
}

/** Server time as a device knows it: the monotonic clock plus a measured offset. */
export interface DeviceClock {
  read(): Reading;
  /** Whether an offset was measured and the clocks have not jumped since. */
  isTrusted(): boolean;
  /** Server time minus wall clock, in milliseconds. */
  offsetMs(): number;
  /**
   * Takes over a measurement: at the monotonic time the server's clock showed `serverMs`, give or take `uncertainMs`. Where the device's own
   * clock lies within that, it is believed: most are set by the network, and two of them agree better than two guesses.
   */
  measured(told: { readonly serverMs: number; readonly monotonicMs: number }, uncertainMs?: number): void;
  /** Forgets the measurement: the next exchange makes a new one. */
  distrust(): void;
}

/** The corrected clock of a device; `offsetMs` is what the last session measured. */
export function createDeviceClock(clock: Clock, initialOffsetMs: number): DeviceClock {
  let offsetMs = initialOffsetMs;
  let measurement: { serverMs: number; monotonicMs: number; wallMinusMonotonicMs: number } | undefined;

  const isTrusted = (): boolean => {
    if (!measurement) return false;
    if (Math.abs(clock.nowMs() - clock.monotonicMs() - measurement.wallMinusMonotonicMs) > maxDriftMs) measurement = undefined;
    return measurement !== undefined;
  };

  return {
    read() {
      if (isTrusted() && measurement) {
        const ms = measurement.serverMs + clock.monotonicMs() - measurement.monotonicMs;
        return { ms, trusted: true, madeMs: ms };
      }
      const wallMs = clock.nowMs();
      return { ms: wallMs + offsetMs, trusted: false, madeMs: wallMs };
    },
    isTrusted,
    offsetMs: () => offsetMs,
    measured({ serverMs, monotonicMs }, uncertainMs = 0) {
      const wallMinusMonotonicMs = clock.nowMs() - clock.monotonicMs();
      const wallMs = monotonicMs + wallMinusMonotonicMs;
      offsetMs = Math.abs(serverMs - wallMs) <= uncertainMs ? 0 : serverMs - wallMs;
      measurement = { serverMs: wallMs + offsetMs, monotonicMs, wallMinusMonotonicMs };
    },
    distrust() {
      measurement = undefined;
    },
  };
}
