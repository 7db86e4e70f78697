import { expect, newPerson, test } from '../fixtures.ts';
import { openExtensionDevice, pair } from './extension-device.ts';

test('a paired extension adds a task while no tab of the app is open, and shows what the app writes', async ({ mana, newDevice }) => {
  const ada = newPerson('Ada');
  const browser = await openExtensionDevice(mana.url);
  try {
    await browser.app.page.goto('/');
    await browser.app.signUp(ada);
    await pair(browser, mana.url);
    await browser.app.page.goto('about:blank');

    const popup = await browser.openPopup();
    await popup.getByLabel('Quick add').fill('Return the library books today #errands');
    await popup.getByRole('button', { name: 'Add' }).click();
    await expect(popup.getByText('Added: Return the library books')).toBeVisible();
    await popup.close();

    const laptop = await newDevice();
    await laptop.app.signIn(ada);
    await laptop.app.goTo('Tasks');
    await expect(laptop.app.task('Return the library books')).toContainText('#errands', { timeout: 20_000 });

    await laptop.app.add('Buy stamps today');
    await laptop.app.expectSynced();
    const again = await browser.openPopup();
    await expect(again.getByText('Buy stamps')).toBeVisible();
    await again.getByRole('checkbox', { name: 'Tick off “Buy stamps”' }).click();
    await expect(laptop.app.task('Buy stamps')).toHaveCount(0, { timeout: 20_000 });
  } finally {
    await browser.close();
  }
});

test('the popup writes without a network and sends once there is one; what was typed is there when it opens again', async ({ mana }) => {
  const browser = await openExtensionDevice(mana.url);
  try {
    await browser.app.page.goto('/');
    await browser.app.signUp(newPerson('Ada'));
    await pair(browser, mana.url);
    await browser.context.setOffline(true);
    const popup = await browser.openPopup();
    await popup.getByLabel('Quick add').fill('Written in the lift');
    await popup.getByRole('button', { name: 'Add' }).click();
    await expect(popup.getByText('Added: Written in the lift')).toBeVisible();
    await popup.getByLabel('Quick add').pressSequentially('half a thou');
    await popup.close();
    const again = await browser.openPopup();
    await expect(again.getByLabel('Quick add')).toHaveValue('half a thou');
    await browser.context.setOffline(false);
    await again.close();
    const third = await browser.openPopup();
    await expect(third.locator('[data-state]')).toHaveAttribute('data-state', 'synced', { timeout: 20_000 });
    await browser.app.page.goto('/s/personal/todo');
    await expect(browser.app.task('Written in the lift')).toBeVisible({ timeout: 20_000 });
  } finally {
    await browser.close();
  }
});
