import { expect, newPerson, test } from '../fixtures.ts';

test('three screens after signing up set name, look and home, without a network, and are shown once @phone', async ({ newDevice }) => {
  const ada = newPerson('Ada');
  const device = await newDevice();
  const { app, page } = device;
  await page.goto('/sign-up');
  await page.getByLabel('E-mail').fill(ada.email);
  await page.getByLabel('Password', { exact: true }).fill(ada.password);
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.getByRole('button', { name: 'Later' }).click();
  await expect(page).toHaveURL(/\/onboarding\/name$/);
  await expect(page.getByRole('navigation', { name: 'Main' }), 'the shell is hidden').toHaveCount(0);
  await expect(page.getByLabel('Name')).toHaveValue(ada.email.split('@')[0] ?? '');
  await device.goOffline();
  await app.sayName('Ada Lovelace');
  await page.getByRole('radio', { name: 'Ocean' }).check({ force: true });
  await expect(page.locator('html')).toHaveAttribute('data-palette', 'ocean');
  await page.getByRole('radio', { name: 'Dark' }).check({ force: true });
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('button', { name: /^Learning/ }).click();
  await page.getByRole('link', { name: 'Back' }).click();
  await expect(page.getByRole('radio', { name: 'Ocean' })).toBeChecked();
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByRole('button', { name: /^Learning/ })).toHaveAttribute('aria-pressed', 'true');
  await page.getByRole('button', { name: /^Everyday/ }).click();
  await expect(page.getByText('On your home: Notes, Tasks')).toBeVisible();
  await page.getByRole('button', { name: 'Open Mana' }).click();
  await app.expectHome();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Ada Lovelace');
  await expect(page.locator('.cards h2').first()).toContainText('notes', { ignoreCase: true });
  await page.reload();
  await app.expectHome();
  const told = page.waitForResponse((answer) => answer.url().endsWith('/onboarding/complete') && answer.ok());
  await device.goOnline();
  await told;
  await app.expectSynced();

  const second = await newDevice();
  await second.app.signIn(ada);
  await expect(second.page.getByRole('heading', { level: 1 }), 'name and home come along').toContainText('Ada Lovelace');
  await expect(second.page.locator('.cards h2').first()).toContainText('notes', { ignoreCase: true });
});

test('a guest is asked by a card, and whoever closes the app in between is asked again at the next start', async ({ newDevice }) => {
  const guest = await newDevice();
  await guest.app.startAsGuest();
  await guest.page.getByRole('link', { name: 'Make it mine' }).click();
  await guest.app.sayName('Bo');
  await guest.app.skipFirstScreens();
  await expect(guest.page.getByRole('heading', { level: 1 })).toContainText('Bo');
  await expect(guest.page.getByRole('link', { name: 'Make it mine' })).toHaveCount(0);

  const member = await newDevice();
  const eve = newPerson('Eve');
  await member.page.goto('/sign-up');
  await member.page.getByLabel('E-mail').fill(eve.email);
  await member.page.getByLabel('Password', { exact: true }).fill(eve.password);
  await member.page.getByRole('button', { name: 'Create account' }).click();
  await member.page.getByRole('button', { name: 'Later' }).click();
  await expect(member.page).toHaveURL(/\/onboarding\/name$/);
  await member.page.goto('/s/personal/todo');
  await expect(member.page).toHaveURL(/\/onboarding\/name$/);
  await member.app.skipFirstScreens();
  await member.page.goto('/s/personal/todo');
  await expect(member.page.getByRole('heading', { level: 1, name: 'Tasks' })).toBeVisible();
});
