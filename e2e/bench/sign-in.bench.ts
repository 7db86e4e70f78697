// What signing in costs: each request of the server, the whole of it with Argon2id apart, and whether a known address takes longer.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../server/mana-server.ts';
import { Figures } from './measure.ts';

/** What a figure may not exceed, in ms; what is measured by the processor alone says what a busy machine hides. */
const most: Readonly<Record<string, number>> = {
  'start, known address (clock)': 5,
  'start, unknown address (clock)': 5,
  'start: known and unknown differ by (clock)': 1,
  'finish (clock)': 5,
  'whole sign-in (clock)': 800,
  'sign-up by mail: known and unknown differ by (clock)': 1,
};

const count = process.argv.find((argument) => argument.startsWith('--starts='))?.slice('--starts='.length) ?? '2000';
const program = join(root, 'api/src/testing/measure-sign-in.ts');
const child = spawn(join(root, 'node_modules/.bin/bun'), [program, count], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
let text = '';
for await (const piece of child.stdout) text += String(piece);

const figures = new Figures('sign-in');
for (const line of text.split('\n').filter(Boolean)) {
  const { metric, value, unit } = JSON.parse(line) as { metric: string; value: number; unit: string };
  const target = most[metric];
  if (target === undefined) figures.note(metric, value, unit);
  else figures.atMost(metric, value, unit, { target });
}
figures.print();
