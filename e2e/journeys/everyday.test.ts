import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '../fixtures.ts';
import { root } from '../server/mana-server.ts';

const german = JSON.parse(readFileSync(join(root, 'pwa/messages/de.json'), 'utf8')) as Record<string, string>;
const words = (key: string): string => german[key] ?? `no message ${key}`;

test('what was done can be undone, from the message and by the keyboard', async ({ newDevice }) => {
  const { app, page } = await newDevice();
  await app.startAsGuest();
  await page.getByRole('button', { name: 'Remove samples' }).click();
  await app.goTo('Tasks');
  await app.add('A hasty thought');
  await expect(app.task('A hasty thought')).toBeVisible();
  await app.messages.getByRole('button', { name: 'Undo' }).last().click();
  await expect(app.task('A hasty thought')).toHaveCount(0);

  await app.add('A good thought');
  await app.tick('A good thought');
  await expect(app.task('A good thought')).toHaveCount(0);
  await page.getByRole('heading', { level: 1 }).click();
  await page.keyboard.press('Control+z');
  await expect(app.task('A good thought')).toBeVisible();

  await app.openTask('A good thought');
  await page.getByRole('button', { name: 'Delete task' }).click();
  await expect(app.task('A good thought')).toHaveCount(0);
  await app.fromAccountMenu('Bin');
  await page.getByRole('listitem').filter({ hasText: 'A good thought' }).getByRole('button', { name: 'Restore' }).click();
  await page.goto('/s/personal/todo');
  await expect(app.task('A good thought')).toBeVisible();
});

test('search finds tasks and notes, forgives a typo and works without a network @phone', async ({ newDevice }) => {
  const device = await newDevice();
  const { app, page } = device;
  await app.startAsGuest();
  await app.add('Ask about the accordion');
  await app.newNote({ title: 'Music', body: 'The accordion of uncle Heinrich' });
  await page.evaluate(async () => void (await navigator.serviceWorker.ready));
  await device.goOffline();
  await app.goTo('Search');
  await page.getByRole('combobox', { name: 'Search' }).fill('acordion');
  await expect(page.getByRole('option')).toHaveCount(2);
  await page.getByRole('combobox', { name: 'Search' }).press('Enter');
  await expect(page).toHaveURL(/\/(todo|notes)\/.+/);
});

test('a newcomer whose browser speaks German is spoken to in German, and may change that @phone', async ({ newDevice }) => {
  const { page } = await newDevice({ locale: 'de-DE' });
  await page.goto('/');
  await expect(page.locator('html')).toHaveAttribute('lang', 'de');
  await page.getByRole('link', { name: words('landing_try') }).click();
  const line = page.getByRole('textbox', { name: words('quickadd_label') });
  await line.fill('Zahnarzt morgen 14:30 #gesundheit');
  await line.press('Enter');
  await expect(line).toHaveValue('');
  await page.goto('/s/personal/todo');
  const task = page.locator('[data-task]').filter({ hasText: /^Zahnarzt/ });
  await expect(task).toContainText('#gesundheit');
  await expect(task).toContainText('14:30');
  await expect(task).toContainText('morgen');

  await page.goto('/settings');
  await page.getByRole('radio', { name: 'English' }).check();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible();
});

test('the app is worked by the keyboard alone', async ({ newDevice }) => {
  const { app, page } = await newDevice();
  await app.startAsGuest();
  await page.getByRole('heading', { level: 1 }).click();
  await page.keyboard.press('n');
  await expect(app.line).toBeFocused();
  await page.keyboard.type('Typed without a mouse');
  await page.keyboard.press('Enter');
  await expect(app.messages).toContainText('Typed without a mouse');
  await page.keyboard.press('Escape');
  await page.keyboard.press('g');
  await page.keyboard.press('t');
  await expect(page).toHaveURL(/\/todo$/);
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('/');
  await expect(page).toHaveURL(/\/search$/);
});
