import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { isStamp, MAX_STAMP_MS, nextStamp, stampDevice, stampMs, ZERO_STAMP, type DeviceId, type Stamp } from './hybrid-clock.ts';

const devices = fc.stringMatching(/^[0-9a-f]{16}$/).map((text) => text as DeviceId);
const times = fc.integer({ min: 0, max: MAX_STAMP_MS - 10_000 });
const counters = fc.integer({ min: 0, max: 0xffff });
const stampOf = (ms: number, counter: number, device: string): Stamp =>
  `${new Date(ms).toISOString()}-${counter.toString(16).padStart(4, '0')}-${device}` as Stamp;
const stamps = fc.tuple(times, counters, devices).map(([ms, counter, device]) => stampOf(ms, counter, device));

test('invariant 1: a new stamp is well formed, of its device, and greater than the floor', () => {
  fc.assert(
    fc.property(fc.integer({ min: -1e15, max: 1e15 }), devices, stamps, (nowMs, device, floor) => {
      const next = nextStamp(nowMs, device, floor);
      expect([isStamp(next), stampDevice(next), next > floor]).toEqual([true, device, true]);
    }),
  );
});

test('invariant 2: with a floor in the past a stamp is exactly now', () => {
  fc.assert(
    fc.property(times, devices, stamps, (nowMs, device, floor) => {
      fc.pre(stampMs(floor) < nowMs);
      expect(nextStamp(nowMs, device, floor)).toBe(stampOf(nowMs, 0, device));
    }),
  );
});

test('invariant 3: a full counter rolls into the next millisecond', () => {
  fc.assert(
    fc.property(times, devices, (ms, device) => {
      expect(nextStamp(ms, device, stampOf(ms, 0xffff, device))).toBe(stampOf(ms + 1, 0, device));
    }),
  );
});

test('text order is time order, and every stamp is above the zero stamp', () => {
  fc.assert(
    fc.property(stamps, stamps, (a, b) => {
      if (stampMs(a) < stampMs(b)) expect(a < b).toBe(true);
      expect(a >= ZERO_STAMP).toBe(true);
    }),
  );
});
