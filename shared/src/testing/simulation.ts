import { createSeededRandom } from './seeded-random.ts';
import { findFaults } from './simulation-faults.ts';
import { SimulationWorld, type Step } from './simulation-world.ts';

const weights: readonly (readonly [string, number])[] = [
  ['edit', 26],
  ['race', 5],
  ['raceArrival', 5],
  ['delete', 4],
  ['restore', 5],
  ['reorder', 3],
  ['deliver', 40],
  ['duplicate', 4],
  ['drop', 6],
  ['tick', 14],
  ['clock', 4],
  ['network', 7],
  ['crash', 4],
  ['doom', 4],
  ['tab', 4],
  ['saveDevice', 3],
  ['restoreDevice', 2],
  ['copyDevice', 1],
  ['saveServer', 3],
  ['restoreServer', 2],
  ['rotate', 2],
  ['learn', 2],
  ['keys', 2],
];
/** What empties bins: it hides what other faults would show, so that one run in so many has it. */
const binWeights: typeof weights = [
  ['purge', 2],
  ['age', 2],
  ['emptyBin', 2],
];
const binRunEvery = 4;
const named = (all: typeof weights): string[] => all.flatMap(([name, weight]) => Array.from({ length: weight }, () => name));
const [actions, actionsWithBin] = [named(weights), named([...weights, ...binWeights])];

/** A schedule drawn from a seed. */
export function drawSchedule(seed: number, length: number): Step[] {
  const random = createSeededRandom(seed);
  const drawn = seed % binRunEvery === 0 ? actionsWithBin : actions;
  return Array.from({ length }, () => [random.pick(drawn), random.int(5), random.int(64), random.int(64)] as const);
}

/** Runs a schedule to its end, lets everything settle, and resolves with what is wrong then: an empty list is right. */
export async function runSimulation(seed: number, schedule: readonly Step[]): Promise<string[]> {
  const world = new SimulationWorld(seed);
  await world.start();
  for (const step of schedule) await world.step(step);
  await world.settle();
  return findFaults(world);
}

/** Drops entries of a failing schedule as long as it still fails; resolves with the shortest found. */
export async function shrinkSchedule(seed: number, schedule: readonly Step[]): Promise<readonly Step[]> {
  let shortest = schedule;
  for (let size = Math.ceil(schedule.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let start = 0; start < shortest.length;) {
      const candidate = [...shortest.slice(0, start), ...shortest.slice(start + size)];
      if ((await runSimulation(seed, candidate)).length > 0) shortest = candidate;
      else start += size;
    }
  }
  return shortest;
}
