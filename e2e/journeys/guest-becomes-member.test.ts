import { expect, newPerson, test } from '../fixtures.ts';
import { dumpDatabase } from '../server/dump-database.ts';
import { dumpBrowser } from '../dump-browser.ts';

test('what a guest wrote is there after signing up, and only its ciphertext lies on device and server @phone', async ({
  newDevice,
  mana,
}) => {
  const secrets = ['Zebrafinken füttern', 'Quittenbrot backen', 'Rezept der Großmutter'];
  const device = await newDevice();
  const { app, page } = device;
  await app.startAsGuest();
  await app.add('Zebrafinken füttern');
  await app.add('Quittenbrot backen tomorrow 2:30pm #kitchen');
  await app.newNote({ title: 'Rezept der Großmutter', body: 'Rezept der Großmutter: drei Eier' });
  await expect(app.light).toHaveAttribute('data-sync', 'local');
  await app.signUp(newPerson('Ada'));
  await app.goTo('Tasks');
  await expect(app.task('Zebrafinken füttern')).toBeVisible();
  await expect(app.task('Quittenbrot backen')).toContainText('#kitchen');
  await expect(app.task('Quittenbrot backen')).toContainText('14:30');
  await app.goTo('Notes');
  await expect(app.note('Rezept der Großmutter')).toBeVisible();
  await app.expectSynced();
  await page.reload();
  await expect(app.note('Rezept der Großmutter')).toBeVisible();

  const kept = await dumpBrowser(page);
  expect(
    kept.databases.some((name) => name.startsWith('mana-') && name !== 'mana-guest'),
    'there is a database of the account',
  ).toBe(true);
  expect(kept.databases, 'the guest is gone').not.toContain('mana-guest');
  device.allowOutage();
  const stored = await mana.whileStopped(() => dumpDatabase(mana.dataDir));
  expect(stored, 'the server has records').toContain('enc:1:');
  for (const secret of secrets) {
    expect(kept.text.includes(secret), `the device keeps “${secret}” sealed`).toBe(false);
    expect(stored.includes(secret), `the server has “${secret}” sealed`).toBe(false);
  }
});
