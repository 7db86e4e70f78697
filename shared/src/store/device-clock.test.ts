import { expect, test } from 'bun:test';
import { createFakeClock, createFakeTime } from '#testing/fake-clock.ts';
import { createDeviceClock } from './device-clock.ts';

test('before a measurement the wall clock counts, shifted by what the last session measured', () => {
  const time = createFakeTime();
  const clock = createDeviceClock(createFakeClock(time, 5_000), -5_000);
  expect(clock.read()).toEqual({ ms: time.nowMs, trusted: false, madeMs: time.nowMs + 5_000 });
});

test('after a measurement the monotonic clock counts', () => {
  const time = createFakeTime();
  const own = createFakeClock(time, 3_600_000);
  const clock = createDeviceClock(own, 0);
  clock.measured({ serverMs: time.nowMs, monotonicMs: own.monotonicMs() });
  time.advance(10_000);
  expect(clock.read()).toEqual({ ms: time.nowMs, trusted: true, madeMs: time.nowMs });
  expect(clock.offsetMs()).toBe(-3_600_000);
});

test('a jump of the wall clock ends the trust; a slow drift does not', () => {
  const time = createFakeTime();
  const own = createFakeClock(time);
  const clock = createDeviceClock(own, 0);
  clock.measured({ serverMs: time.nowMs, monotonicMs: own.monotonicMs() });
  own.skewMs = 900;
  expect(clock.isTrusted()).toBe(true);
  own.skewMs = 90_000;
  expect([clock.isTrusted(), clock.read().trusted]).toEqual([false, false]);
});
