import type { Page } from '@playwright/test';
import type { Device } from '../device.ts';
import { expect, newPerson, test } from '../fixtures.ts';

const pin = '402837';

async function choosePin(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Choose a PIN' }).click();
  await page.getByLabel('New PIN').fill(pin);
  await page.getByLabel('The same PIN again').fill(pin);
  await page.getByRole('button', { name: 'Set the PIN' }).click();
  await expect(page.getByText('A PIN is set.')).toBeVisible();
}

async function tryPin(page: Page, digits: string): Promise<void> {
  await page.getByLabel('PIN', { exact: true }).fill(digits);
  await page.getByRole('button', { name: 'Unlock' }).click();
}

const isLocked = (page: Page) => expect(page.getByRole('heading', { name: 'Welcome back' })).toBeVisible();

/** Everything that a page shows, hides and is called. */
const shown = (page: Page): Promise<string> =>
  page.evaluate(() => `${document.title}\n${document.documentElement.outerHTML}\n${location.href}`);

async function member(device: Device) {
  const person = newPerson('Ada');
  await device.page.clock.install();
  await device.app.signUp(person);
  return person;
}

test('after a while without use every tab locks and shows nothing; what was half-typed is there again; the PIN opens without a network', async ({
  newDevice,
}) => {
  const device = await newDevice();
  const { app, page } = device;
  const person = await member(device);
  await page.goto('/settings/lock');
  await page.getByRole('radio', { name: /After a while/ }).check();
  await page.getByRole('radio', { name: '1', exact: true }).check();
  await choosePin(page);
  await app.goTo('Home');
  await app.add('Canary behind the lock');
  const second = await device.newTab();
  await second.page.goto('/s/personal/todo');
  await expect(second.task('Canary behind the lock')).toBeVisible();

  await app.line.pressSequentially('half a tho');
  await page.clock.fastForward(40_000);
  await expect(app.line, 'a minute is not over yet').toBeVisible();
  await page.clock.fastForward(75_000);
  await isLocked(page);
  await isLocked(second.page);
  for (const tab of [page, second.page]) expect(await shown(tab)).not.toMatch(/Canary behind|half a tho/);
  await second.page.close();

  await device.goOffline();
  await page.reload();
  await tryPin(page, '111112');
  await expect(page.getByText('This is not the PIN')).toBeVisible();
  await tryPin(page, pin);
  await expect(app.line).toHaveValue('half a tho');

  await app.lock();
  for (const left of [4, 3, 2, 1]) {
    await tryPin(page, '111112');
    await expect(page.getByText(left === 1 ? 'One more try' : `${left} more tries`)).toBeVisible();
  }
  await tryPin(page, '111112');
  await expect(page.getByText('The PIN no longer counts')).toBeVisible();
  await app.tryToUnlock(person.password);
  await expect(app.line).toHaveValue('half a tho');
  await device.goOnline();
});

test('whoever locks on closing is asked after the last tab was closed, not while another one is open, and a forgotten PIN leads to the password', async ({
  newDevice,
}) => {
  const device = await newDevice();
  const { app, page } = device;
  const person = await member(device);
  await page.goto('/settings/lock');
  await page.getByRole('radio', { name: /When I close it/ }).check();
  await choosePin(page);
  const second = await device.newTab();
  await second.page.goto('/s/personal');
  await expect(second.line, 'the first tab vouches for it').toBeVisible();
  await page.reload();
  await expect(page.getByText('A PIN is set.'), 'and the second for the first').toBeVisible();
  await second.page.close();
  await page.reload();
  await isLocked(page);
  await page.getByRole('button', { name: 'PIN forgotten?' }).click();
  await app.tryToUnlock(person.password);
  await expect(page.getByText('A PIN is set.')).toBeVisible();
  await page.getByRole('button', { name: 'Remove the PIN' }).click();
  await app.lock();
  await expect(page.getByLabel('PIN', { exact: true })).toHaveCount(0);
  await app.tryToUnlock(person.password);
  await expect(page.getByRole('button', { name: 'Choose a PIN' })).toBeVisible();
});
