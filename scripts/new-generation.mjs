// After the database was restored from a backup, before Mana starts again: `npm run new-generation`.
import { install } from './tooling/install.mjs';
import { bin, run } from './tooling/run.mjs';

await install();
const { code } = await run(bin('bun'), ['api/src/new-generation.ts']);
process.exit(code);
