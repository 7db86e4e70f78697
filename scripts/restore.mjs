// Puts a backup into an instance without accounts, as a new generation: `npm run restore -- <folder>`.
import { install } from './tooling/install.mjs';
import { bin, run } from './tooling/run.mjs';

await install();
const { code } = await run(bin('bun'), ['api/src/backup-command.ts', 'restore', ...process.argv.slice(2)]);
process.exit(code);
