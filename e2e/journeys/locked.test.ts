import { expect, newPerson, test } from '../fixtures.ts';
import { dumpBrowser } from '../dump-browser.ts';

test('locking closes every tab, survives a reload without a network, and opens by the password only', async ({ newDevice }) => {
  const ada = newPerson('Ada');
  const device = await newDevice();
  const { app, page } = device;
  await app.signUp(ada);
  await app.add('Behind the lock');
  await app.expectSynced();
  const second = await device.newTab();
  await second.page.goto('/s/personal/todo');
  await expect(second.task('Behind the lock')).toBeVisible();
  await page.evaluate(async () => void (await navigator.serviceWorker.ready));

  await app.lock();
  await expect(second.page.getByRole('heading', { name: 'Welcome back' })).toBeVisible();
  await expect(second.page.getByText('Behind the lock')).toHaveCount(0);
  await second.page.close();
  expect((await dumpBrowser(page)).text).not.toContain('Behind the lock');

  await device.goOffline();
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Welcome back' })).toBeVisible();
  await app.tryToUnlock('this is not the password at all');
  await expect(page.getByText('This is not the password')).toBeVisible();
  await app.tryToUnlock(ada.password);
  await app.goTo('Tasks');
  await expect(app.task('Behind the lock')).toBeVisible();
  await page.reload();
  await expect(app.task('Behind the lock'), 'an unlocked device opens at once, without a network').toBeVisible();
  await device.goOnline();
  await app.add('After the lock');
  await app.expectSynced();
});
