import { expect, newPerson, test } from '../fixtures.ts';
import type { Page } from '@playwright/test';
import { codeOf } from '../totp.ts';
import { VirtualAuthenticator } from '../virtual-authenticator.ts';

/** Switches the second step on and hands over its secret and back-up codes. */
async function switchOnSecondStep(page: Page): Promise<{ secret: string; backupCodes: readonly string[] }> {
  await page.goto('/settings/account/second-step');
  await page.getByRole('button', { name: 'Set it up' }).click();
  await expect(page.getByRole('img', { name: /QR code/ })).toBeVisible();
  const secret = (await page.locator('output').textContent()) ?? '';
  await page.getByLabel('Code', { exact: true }).fill(codeOf(secret, Date.now()));
  await page.getByRole('button', { name: 'Switch it on' }).click();
  await expect(page.getByRole('heading', { name: 'Your back-up codes' })).toBeVisible();
  return { secret, backupCodes: await page.locator('main li').allTextContents() };
}

test('a forgotten password: the printed words open the account with everything in it, and the old device signs in again', async ({
  newDevice,
}) => {
  const ada = newPerson('Ada');
  const [first, second] = [await newDevice(), await newDevice()];
  await first.app.signUp(ada);
  await first.app.add('Water the ferns');
  await first.app.expectSynced();
  const { page } = first;
  await page.goto('/settings/account');
  await page.getByRole('button', { name: 'Make a recovery code' }).click();
  const list = page.locator('ol.words li');
  await expect(list).toHaveCount(24);
  const words = (await list.allTextContents()).map((word) => word.trim());
  await page.getByRole('button', { name: 'I have written them down' }).click();
  for (const field of await page.getByRole('textbox', { name: /^Word \d+$/ }).all()) {
    const label = await field.evaluate((input: HTMLInputElement) => input.labels?.[0]?.textContent ?? '');
    await field.fill(words[Number(/\d+/.exec(label)?.[0]) - 1] ?? '');
  }
  await page.getByRole('button', { name: 'Confirm' }).click();
  await expect(page.getByText('The recovery code counts from now on')).toBeVisible();

  first.allow(/401/);
  const next = 'an entirely new sentence of Ada';
  await second.page.goto('/sign-in');
  await second.page.getByRole('link', { name: 'Forgotten your password?' }).click();
  await expect(second.page.getByRole('heading', { name: 'Forgotten password' })).toBeVisible();
  await second.page.getByLabel('E-mail').fill(ada.email);
  await second.page.getByLabel('Recovery code').fill(words.with(3, 'fern').join(' '));
  await second.page.getByLabel('New password', { exact: true }).fill(next);
  await expect(second.page.getByText('Not words of a code: fern')).toBeVisible();
  await second.page.getByLabel('Recovery code').fill(words.map((word, at) => `${at + 1}. ${word}`).join('\n'));
  await second.page.getByRole('button', { name: 'Open my account' }).click();
  await expect(second.page.getByText('Welcome back. The new password counts from now on')).toBeVisible({ timeout: 30_000 });
  await second.page.getByRole('link', { name: 'Security log' }).click();
  await expect(second.page.getByText('New password by the recovery code')).toBeVisible();
  await second.app.goTo('Tasks');
  await expect(second.app.task('Water the ferns')).toBeVisible();
});

test('a changed password and a second step: both are asked for from then on', async ({ newDevice }) => {
  const ada = newPerson('Ada');
  const [first, second] = [await newDevice(), await newDevice()];
  await first.app.signUp(ada);
  const { page } = first;
  const next = 'an entirely new sentence of Ada';
  await page.goto('/settings/account/password');
  await page.getByLabel('Password until now').fill(ada.password);
  await page.getByLabel('New password', { exact: true }).fill(next);
  await page.getByRole('button', { name: 'Change password' }).click();
  await expect(page.getByText('The new password counts from now on')).toBeVisible({ timeout: 30_000 });

  const {
    backupCodes: [backup = ''],
  } = await switchOnSecondStep(page);

  second.allow(/401/);
  await second.app.trySignIn({ ...ada, password: next });
  await second.page.getByLabel('Code', { exact: true }).fill('000000');
  await second.page.getByRole('button', { name: 'Sign in' }).click();
  await expect(second.page.getByText('The code is wrong')).toBeVisible({ timeout: 30_000 });
  await second.page.getByLabel('Code', { exact: true }).fill(backup);
  await second.page.getByRole('button', { name: 'Sign in' }).click();
  await second.app.expectHome();
});

test('a passkey that cannot open the vault: the password is asked for, and the code of the second step', async ({ newDevice }) => {
  const device = await newDevice();
  const { app, page } = device;
  const ada = newPerson('Ada');
  await VirtualAuthenticator.add(page, 'none');
  await app.signUp(ada);
  await page.goto('/settings/account');
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await expect(page.getByText('Signs in only')).toBeVisible();
  const { backupCodes } = await switchOnSecondStep(page);

  device.allow(/401/);
  await app.signOut('keep');
  await page.goto('/sign-in'); // the authenticator agrees as soon as the field offers it
  await expect(page.getByText('This passkey cannot open your entries')).toBeVisible();
  await app.tryToUnlock(ada.password);
  await page.getByLabel('Code', { exact: true }).fill('000000');
  await page.getByRole('button', { name: 'Unlock' }).click();
  await expect(page.getByText('The code is wrong')).toBeVisible({ timeout: 30_000 });
  await page.getByLabel('Code', { exact: true }).fill(backupCodes[0] ?? '');
  await page.getByRole('button', { name: 'Unlock' }).click();
  await app.expectHome();
});
