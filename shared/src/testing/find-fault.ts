import { drawSchedule, runSimulation } from './simulation.ts';

// Runs seeds until one fails, and prints it: `bun find-fault.ts <seeds> <steps>`.
const [seeds = 0, steps = 0] = process.argv.slice(2).map(Number);
for (let seed = 1; seed <= seeds; seed++) {
  const faults = await runSimulation(seed, drawSchedule(seed, steps));
  if (faults.length === 0) continue;
  process.stdout.write(`${JSON.stringify({ seed, faults })}\n`);
  break;
}
process.exit(0);
