import { systemClock } from '@mana/shared/base/clock';
import { loadConfig } from './config.ts';
import { openDatabase } from './db/open-database.ts';
import { startGeneration } from './sync/generations.service.ts';

function giveUp(lines: readonly string[]): never {
  process.stderr.write(`No new generation was begun:\n${lines.map((line) => `  ${line}\n`).join('')}`);
  process.exit(1);
}

const loaded = loadConfig(process.env);
if (!loaded.ok) giveUp(loaded.error);
const db = await openDatabase(loaded.value.config);
if (!db.ok) giveUp([db.error]);
const generation = await startGeneration({ db: db.value, clock: systemClock });
await db.value.close();
process.stdout.write(`Generation ${generation}. Devices will offer again what they had sent after the backup.\n`);
