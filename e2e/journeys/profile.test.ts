import { expect, newPerson, test } from '../fixtures.ts';

/** A red square of 400 × 300 pixels with a note in its metadata. */
const picture = async (page: import('@playwright/test').Page): Promise<Buffer> =>
  Buffer.from(
    await page.evaluate(() => {
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [400, 300];
      const context = canvas.getContext('2d');
      if (context) {
        context.fillStyle = 'red';
        context.fillRect(0, 0, 400, 300);
      }
      return canvas.toDataURL('image/jpeg').split(',')[1] ?? '';
    }),
    'base64',
  );

test('name and photo are changed, also without a network, and are there on the next device', async ({ newDevice }) => {
  const ada = newPerson('Ada');
  const device = await newDevice();
  const { app, page } = device;
  await app.signUp(ada);
  await app.expectSynced();
  await page.goto('/settings/account');
  await device.goOffline();
  await page.getByRole('textbox', { name: 'Name' }).fill('Ada Lovelace');
  await page.getByRole('textbox', { name: 'Name' }).press('Enter');
  await expect(page.getByText('Saved here; the server hears of it')).toBeVisible();
  await page.locator('[data-profile-photo]').setInputFiles({ name: 'me.txt', mimeType: 'image/png', buffer: Buffer.from('no picture') });
  await expect(page.getByText('not a picture that the browser can read')).toBeVisible();
  await page.locator('[data-profile-photo]').setInputFiles({ name: 'me.jpg', mimeType: 'image/jpeg', buffer: await picture(page) });
  await expect(page.locator('main img')).toHaveAttribute('src', /^data:image\/webp;base64,/);
  const size = (await page.locator('main img').getAttribute('src'))?.length ?? 0;
  expect(size, 'a photo is small').toBeLessThan(8_000);
  await device.goOnline();
  await page.reload();
  await app.expectSynced();

  const second = await newDevice();
  await second.app.signIn(ada);
  await second.page.goto('/settings/account');
  await expect(second.page.getByRole('textbox', { name: 'Name' })).toHaveValue('Ada Lovelace');
  await second.page.getByRole('button', { name: 'Use the drawing' }).click();
  await expect(second.page.getByText('Saved', { exact: true })).toBeVisible();
  await expect(second.page.locator('main img')).toHaveCount(0);
});
