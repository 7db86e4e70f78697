// Serves Mana on this machine: `npm start`. Installs and builds what is missing first.
import { buildStale } from './tooling/build.mjs';
import { install } from './tooling/install.mjs';
import { isPortBusy, untilReady } from './tooling/ready.mjs';
import { bin, start } from './tooling/run.mjs';

const port = Number(process.env.MANA_PORT || 4321);
const address = `http://localhost:${port}`;

if (await isPortBusy(port)) {
  process.stderr.write(`Port ${port} is in use: is Mana running already? Stop it, or choose another port: MANA_PORT=4322 npm start\n`);
  process.exit(1);
}
await install();
await buildStale();

const server = start(bin('bun'), ['api/src/main.ts'], { env: { NODE_ENV: process.env.NODE_ENV ?? 'production' } });
if (await untilReady(`${address}/health/ready`, server.ended))
  process.stdout.write(`\nMana is ready: ${process.env.PUBLIC_URL || address}\n`);
const { code } = await server.ended;
process.exit(process.exitCode ?? code);
