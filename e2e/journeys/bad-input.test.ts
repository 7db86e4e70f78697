import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, newPerson, test } from '../fixtures.ts';
import { root } from '../server/mana-server.ts';

test('a wrong password and an unknown address get the same answer', async ({ newDevice }) => {
  const ada = newPerson('Ada');
  const first = await newDevice();
  await first.app.signUp(ada);
  const answers: string[] = [];
  for (const person of [{ email: ada.email, password: 'a password that is not Ada’s' }, newPerson('Nobody')]) {
    const device = await newDevice();
    device.allow(/401/);
    const bodies: string[] = [];
    device.page.on('response', (response) => {
      if (response.url().includes('/auth/login/')) bodies.push(`${new URL(response.url()).pathname} ${response.status()}`);
    });
    await device.app.trySignIn(person);
    await expect(device.page.getByText('E-mail or password is wrong')).toBeVisible({ timeout: 20_000 });
    answers.push(bodies.join(', '));
  }
  expect(answers[0]).toBe(answers[1]);
  expect(answers[0]).toContain('401');
});

test('a table that is no Todoist export and a Markdown file of 50 MB are refused, and nothing is changed', async ({ newDevice }) => {
  const { app, page } = await newDevice();
  await app.startAsGuest();
  await page.goto('/settings/import');
  const choose = page.locator('input[type=file]').first();
  await choose.setInputFiles(join(root, 'e2e/sample-files/not-todoist.csv'));
  await expect(page.getByRole('alert')).toContainText('This is not a Todoist export');
  await expect(page.getByRole('alert')).toContainText('Nothing was changed');

  const folder = mkdtempSync(join(tmpdir(), 'mana-large-'));
  try {
    const large = join(folder, 'large.md');
    writeFileSync(large, 'a line of a very long note\n'.repeat(2_000_000));
    await choose.setInputFiles(large);
    await expect(page.getByRole('alert')).toContainText('The file is too large', { timeout: 20_000 });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  await page.goto('/s/personal/notes');
  await expect(page.locator('[data-note]')).toHaveCount(1);
});

test('a weak password and a taken address are told before anything is made', async ({ newDevice }) => {
  const ada = newPerson('Ada');
  const [first, second] = [await newDevice(), await newDevice()];
  await first.app.signUp(ada);
  second.allow(/409/);
  await second.page.goto('/sign-up');
  await second.page.getByLabel('E-mail').fill(ada.email);
  await second.page.getByLabel('Password', { exact: true }).fill('short');
  await second.page.getByRole('button', { name: 'Create account' }).click();
  await expect(second.page.getByText('10 more characters')).toBeVisible();
  await second.page.getByLabel('Password', { exact: true }).fill(newPerson('Eve').password);
  await second.page.getByRole('button', { name: 'Create account' }).click();
  await expect(second.page.getByText('This address already has an account')).toBeVisible({ timeout: 20_000 });
});
