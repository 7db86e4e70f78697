// Writes database and root secrets into a folder: `npm run backup -- <folder>`.
import { install } from './tooling/install.mjs';
import { bin, run } from './tooling/run.mjs';

await install();
const { code } = await run(bin('bun'), ['api/src/backup-command.ts', 'backup', ...process.argv.slice(2)]);
process.exit(code);
