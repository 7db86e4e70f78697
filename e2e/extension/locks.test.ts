import { expect, newPerson, test } from '../fixtures.ts';
import { openExtensionDevice, pair } from './extension-device.ts';

test('a lock in the app locks the extension, and a lock in the extension locks every page of the app', async ({ mana }) => {
  const ada = newPerson('Ada');
  const browser = await openExtensionDevice(mana.url);
  const { app } = browser;
  try {
    await app.page.goto('/');
    await app.signUp(ada);
    await pair(browser, mana.url);
    const popup = await browser.openPopup();
    await popup.getByLabel('Quick add').pressSequentially('half a thou');

    await app.lock();
    await expect(popup.getByRole('heading', { name: 'Locked' })).toBeVisible();
    await expect(popup.getByText('half a thou')).toHaveCount(0);
    await popup.reload();
    await popup.getByLabel('Password').fill(ada.password);
    await popup.getByRole('button', { name: 'Unlock' }).click();
    await expect(popup.getByLabel('Quick add')).toHaveValue('half a thou');

    await app.tryToUnlock(ada.password);
    await expect(app.line).toBeVisible();
    const second = await browser.context.newPage();
    await second.goto('/s/personal/todo');
    await expect(second.getByRole('heading', { level: 1, name: 'Tasks' })).toBeVisible();
    await popup.getByRole('button', { name: 'More' }).click();
    await popup.getByRole('button', { name: 'Lock', exact: true }).click();
    await expect(popup.getByRole('heading', { name: 'Locked' })).toBeVisible();
    for (const page of [app.page, second]) await expect(page.getByRole('heading', { name: 'Welcome back' })).toBeVisible();
  } finally {
    await browser.close();
  }
});
