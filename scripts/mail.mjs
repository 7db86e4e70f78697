// What waits to be sent, and what became of the rest: `npm run mail`.
import { install } from './tooling/install.mjs';
import { bin, run } from './tooling/run.mjs';

await install();
const { code } = await run(bin('bun'), ['api/src/read-mails.ts']);
process.exit(code);
