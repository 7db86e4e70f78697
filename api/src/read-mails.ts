import { systemClock } from '@mana/shared/base/clock';
import { systemRandom } from '@mana/shared/base/random';
import { loadRootSecrets } from './account/root-secrets.ts';
import { loadConfig } from './config.ts';
import { openDatabase } from './db/open-database.ts';
import { describeOutbox } from './mail/describe-outbox.ts';

function giveUp(lines: readonly string[]): never {
  process.stderr.write(`The outbox cannot be read:\n${lines.map((line) => `  ${line}\n`).join('')}`);
  process.exit(1);
}

const loaded = loadConfig(process.env);
if (!loaded.ok) giveUp(loaded.error);
const { config } = loaded.value;
const db = await openDatabase(config);
if (!db.ok) giveUp([db.error]);
const secrets = await loadRootSecrets(config.dataDir, systemRandom);
process.stdout.write(await describeOutbox({ db: db.value, secrets, clock: systemClock }));
await db.value.close();
