import { expect, test } from 'bun:test';
import { join } from 'node:path';
import { plantedFaults } from '#testing/planted-faults.ts';

const testing = join(import.meta.dir, '../testing');
const seeds = '1000';
const steps = '42';
const limitMs = 120_000;

for (const { name } of plantedFaults) {
  test(
    `a planted fault is found within ${seeds} seeds: ${name}`,
    async () => {
      const command = [process.execPath, '--preload', join(testing, 'plant-fault.ts'), join(testing, 'find-fault.ts'), seeds, steps];
      const found = Bun.spawn(command, { env: { ...process.env, MANA_FAULT: name }, stdout: 'pipe', stderr: 'inherit' });
      const text = await new Response(found.stdout).text();
      expect(text).toStartWith('{"seed":');
    },
    limitMs,
  );
}
