import { expect, test } from 'bun:test';
import { drawSchedule, runSimulation, shrinkSchedule } from '#testing/simulation.ts';

const seeds = Number(process.env['MANA_SEEDS'] ?? 1_000);
const firstSeed = Number(process.env['MANA_FIRST_SEED'] ?? 1);
const steps = 42;
const msPerSeed = 2_000; // about 40 on an idle machine

test(
  `any interleaving converges and loses no edit of a person (${seeds} seeds from ${firstSeed})`,
  async () => {
    for (let seed = firstSeed; seed < firstSeed + seeds; seed++) {
      const schedule = drawSchedule(seed, steps);
      const faults = await runSimulation(seed, schedule);
      if (faults.length === 0) continue;
      const shortest = await shrinkSchedule(seed, schedule);
      const shown = (await runSimulation(seed, shortest)).join('\n');
      expect(`seed ${seed} fails: ${JSON.stringify(shortest)}\n${shown}`).toBe('');
    }
  },
  seeds * msPerSeed,
);
