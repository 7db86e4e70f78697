import { systemClock } from '@mana/shared/base/clock';
import { loadConfig } from './config.ts';
import { createLog } from './http/log.ts';
import { startServer } from './start-server.ts';

function giveUp(lines: readonly string[]): never {
  process.stderr.write(`Mana cannot start:\n${lines.map((line) => `  ${line}\n`).join('')}`);
  process.exit(1);
}

const loaded = loadConfig(process.env);
if (!loaded.ok) giveUp(loaded.error);
const { config, warnings } = loaded.value;
const log = createLog({
  clock: systemClock,
  level: config.logLevel,
  pretty: process.stdout.isTTY,
  write: (line) => process.stdout.write(line),
});
for (const warning of warnings) log('warn', 'config', { warning });

const started = await startServer(config, log);
if (!started.ok) giveUp([started.error]);
log('info', 'listening', { url: started.value.url.href, database: config.databaseUrl ? 'postgres' : 'pglite' });

let stopping = false;
const stop = async () => {
  if (stopping) return;
  stopping = true;
  log('info', 'stopping');
  await started.value.stop();
  log('info', 'stopped');
  process.exit(0);
};
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
