import { expect, test } from 'bun:test';
import { ok } from '#base/result.ts';
import { createDeviceClock, type DeviceClock } from '#store/device-clock.ts';
import { createFakeClock, createFakeTime } from '#testing/fake-clock.ts';
import { createSeededRandom } from '#testing/seeded-random.ts';
import { measureClock } from './measure-clock.ts';

const seed = Number(process.env['MANA_TEST_SEED'] ?? Date.now() % 1_000_000);

interface World {
  readonly time: ReturnType<typeof createFakeTime>;
  readonly chance: () => number;
}

/** A device that asks over a slow and uneven way: either half of a round trip may take up to `maxMs`. */
async function measuredDevice(
  { time, chance }: World,
  skewMs: number,
  maxMs: number,
): Promise<{ clock: DeviceClock; quickestMs: number; asked: number }> {
  const own = createFakeClock(time, skewMs);
  const clock = createDeviceClock(own, 0);
  let [quickestMs, asked] = [Infinity, 0];
  const transport = {
    time: async () => {
      const [there, back] = [chance() * maxMs, chance() * maxMs];
      quickestMs = Math.min(quickestMs, there + back);
      asked += 1;
      time.advance(there);
      const told = time.nowMs;
      time.advance(back);
      return ok(told);
    },
  };
  await measureClock(clock, { transport, clock: own });
  return { clock, quickestMs, asked };
}

function newWorld(run: number): World {
  const random = createSeededRandom(seed + run);
  return { time: createFakeTime(), chance: () => random.int(1_001) / 1_000 };
}

test(`of two devices with right clocks the later edit has the later stamp, however slow and uneven the way is (seed ${seed})`, async () => {
  for (let run = 0; run < 300; run++) {
    const world = newWorld(run);
    const [one, two] = [await measuredDevice(world, 0, 8_000), await measuredDevice(world, 0, 8_000)];
    const earlier = one.clock.read().ms;
    world.time.advance(1);
    expect(two.clock.read().ms - earlier).toBeCloseTo(1, 3);
  }
});

test(`a wrong clock is corrected to within half of the quickest round trip (seed ${seed})`, async () => {
  for (let run = 0; run < 300; run++) {
    const world = newWorld(run);
    const skewMs = (world.chance() - 0.5) * 20 * 365 * 86_400_000;
    const { clock, quickestMs } = await measuredDevice(world, skewMs, 8_000);
    expect(Math.abs(clock.read().ms - world.time.nowMs)).toBeLessThanOrEqual(quickestMs / 2 + 1);
  }
});

test('where the first answer comes quickly nobody asks again; where none does, four times', async () => {
  expect((await measuredDevice(newWorld(1), 5_000, 40)).asked).toBe(1);
  const slow = { ...newWorld(2), chance: () => 1 };
  expect((await measuredDevice(slow, 5_000, 8_000)).asked).toBe(4);
});
