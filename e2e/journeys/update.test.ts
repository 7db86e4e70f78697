import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { expect, test } from '../fixtures.ts';
import { root } from '../server/mana-server.ts';

/** A copy of the built app whose worker differs: to a browser that is a new version. */
function newerBuild(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mana-newer-'));
  cpSync(join(root, 'pwa/build'), folder, { recursive: true });
  const worker = join(folder, 'client/service-worker.js');
  const text = `${readFileSync(worker, 'utf8')}\n// newer`;
  writeFileSync(worker, text);
  writeFileSync(`${worker}.gz`, gzipSync(text));
  writeFileSync(`${worker}.br`, brotliCompressSync(text));
  const table = join(folder, 'adapter-node.js');
  const etag = /(service-worker\.js[^}]*?etag\\":\\")[^\\]+/;
  writeFileSync(table, readFileSync(table, 'utf8').replace(etag, '$1newer'));
  return folder;
}

test('a new version asks before it takes over, in every tab, and no typing is lost', async ({ newDevice, mana }) => {
  const device = await newDevice();
  const { app, page } = device;
  await app.startAsGuest();
  await page.evaluate(async () => void (await navigator.serviceWorker.ready));
  await app.newNote({ title: 'Draft', body: 'Half a sen' });
  const other = await device.newTab();
  await other.page.goto('/s/personal');
  await expect(other.line).toBeVisible();

  const build = newerBuild();
  device.allowOutage();
  mana.env = { MANA_APP_DIR: build };
  try {
    await mana.whileStopped(async () => undefined);
    await app.noteBody.press('Control+End');
    await page.keyboard.type('tence');
    await other.line.fill('An unfinished line');
    await page.evaluate(async () => void (await (await navigator.serviceWorker.getRegistration())?.update()));
    await expect(page.getByText('A new version is ready')).toBeVisible();
    await expect(other.page.getByText('A new version is ready')).toBeVisible();
    const loaded = Promise.all([page.waitForEvent('load'), other.page.waitForEvent('load')]);
    await page.getByRole('button', { name: 'Update', exact: true }).click();
    await loaded;
    await expect(app.noteBody).toHaveValue('Half a sentence');
    await expect(other.line).toHaveValue('An unfinished line');
    await expect(page.getByText('A new version is ready')).toHaveCount(0);
  } finally {
    mana.env = {};
    await mana.whileStopped(async () => undefined);
    rmSync(build, { recursive: true, force: true });
  }
});
