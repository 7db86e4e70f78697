// Measures: `npm run bench -- <name> [--json]`; without a name it lists what there is.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildStale } from './tooling/build.mjs';
import { findChromium } from './tooling/chromium.mjs';
import { install } from './tooling/install.mjs';
import { bin, root, run } from './tooling/run.mjs';

const folder = join(root, 'e2e/bench');
const suffix = '.bench.ts';
const names = readdirSync(folder)
  .filter((file) => file.endsWith(suffix))
  .map((file) => file.slice(0, -suffix.length));

const [name, ...options] = process.argv.slice(2);
if (!name || !existsSync(join(folder, `${name}${suffix}`))) {
  process.stderr.write(`npm run bench -- <name> [--json]\nNames: ${names.join(', ')}\n`);
  process.exit(1);
}

const say = process.stdout.write.bind(process.stdout);
// With --json the output is one object a line and nothing else.
if (options.includes('--json')) process.stdout.write = (...text) => process.stderr.write(...text);
await install();
await buildStale();
const chromium = await findChromium();
process.stdout.write = say;
const { code } = await run(bin('bun'), [join(folder, `${name}${suffix}`), ...options], { env: { PLAYWRIGHT_CHROMIUM: chromium ?? '' } });
process.exit(code);
