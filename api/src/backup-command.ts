import { systemClock } from '@mana/shared/base/clock';
import { makeBackup } from './backup/make-backup.service.ts';
import { restoreBackup } from './backup/restore-backup.service.ts';
import { loadConfig } from './config.ts';
import { openOwnerConnection } from './db/owner-connection.ts';

function giveUp(lines: readonly string[]): never {
  process.stderr.write(`Nothing was done:\n${lines.map((line) => `  ${line}\n`).join('')}`);
  process.exit(1);
}

const [command, folder] = process.argv.slice(2);
if ((command !== 'backup' && command !== 'restore') || folder === undefined) giveUp(['Say where: npm run backup -- <folder>']);
const loaded = loadConfig(process.env);
if (!loaded.ok) giveUp(loaded.error);
const { config } = loaded.value;
const opened = await openOwnerConnection(config);
if (!opened.ok) giveUp([opened.error]);
const deps = { connection: opened.value, dataDir: config.dataDir, clock: systemClock };
if (command === 'backup') {
  const made = await makeBackup(deps, folder);
  await opened.value.close();
  if (!made.ok) giveUp([made.error]);
  process.stdout.write(
    `${made.value.accounts} accounts, ${made.value.files.length} files in ${folder}. Keep it safe: it holds the root secrets.\n`,
  );
} else {
  const restored = await restoreBackup(deps, folder);
  await opened.value.close();
  if (!restored.ok) giveUp([restored.error]);
  const { manifest, generation } = restored.value;
  process.stdout.write(
    `${manifest.accounts} accounts of ${manifest.madeAt} are back, as generation ${generation}. Devices offer again what came after.\n`,
  );
}
