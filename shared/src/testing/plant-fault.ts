import { plugin } from 'bun';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { plantedFaults } from './planted-faults.ts';

// Loaded before a program (`bun --preload`): the file named by MANA_FAULT is read with its fault. The product itself has no switch.
const fault = plantedFaults.find(({ name }) => name === process.env['MANA_FAULT']);
if (!fault) throw new Error('MANA_FAULT names no fault');
const path = join(import.meta.dir, '..', fault.file);
const text = readFileSync(path, 'utf8');
if (!text.includes(fault.find)) throw new Error(`${fault.file} does not hold the place of the fault: ${fault.find}`);

plugin({
  name: 'planted fault',
  setup(build) {
    build.onLoad({ filter: new RegExp(`/src/${fault.file.replaceAll('.', String.raw`\.`)}$`) }, () => ({
      contents: text.replace(fault.find, fault.put),
      loader: 'ts',
    }));
  },
});
