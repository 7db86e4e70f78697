// Runs API, app and extension with reload on change: `npm run dev`.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { install } from './tooling/install.mjs';
import { bin, must, root, start } from './tooling/run.mjs';

const appAddress = 'http://localhost:5173';

await install();
await must(process.execPath, ['scripts/module-lists.mjs']);

const inWorkspace = (workspace, args) => start(bin('bun'), ['--bun', 'run', ...args], { cwd: join(root, workspace) });
const programs = [
  start(bin('bun'), ['--watch', 'api/src/main.ts'], { env: { MANA_ALLOWED_ORIGINS: appAddress } }),
  inWorkspace('pwa', ['vite', 'dev', '--port', '5173', '--strictPort']),
];
// WXT opens a browser of its own; without one it still builds on change.
if (existsSync(join(root, 'extension/wxt.config.ts'))) programs.push(inWorkspace('extension', ['wxt']));

process.stdout.write(`App: ${appAddress} · API: http://localhost:${process.env.MANA_PORT || 4321} · extension: extension/.output\n`);
const { code } = await Promise.race(programs.map((program) => program.ended));
for (const program of programs) program.stop();
process.exit(process.exitCode ?? code);
