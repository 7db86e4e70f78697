import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import type { Device } from '../device.ts';
import { expect, newPerson, test } from '../fixtures.ts';

const doors = ['/?about', '/sign-up', '/sign-in', '/nowhere-at-all'];
const rooms = [
  '/s/personal',
  '/s/personal/todo',
  '/s/personal/notes',
  '/s/personal/search',
  '/settings',
  '/settings/account',
  '/settings/extension',
  '/settings/import',
  '/settings/storage',
  '/history',
  '/bin',
];
const languages = ['en', 'de'] as const;

async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).analyze();
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
}

/** Problems of a page as it stands, in both themes. */
async function inBothThemes(page: Page, name: string): Promise<string[]> {
  const problems: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    problems.push(...(await violations(page)).map((problem) => `${name} (${colorScheme}): ${problem}`));
  }
  return problems;
}

async function visit(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await expect(page.getByRole('heading', { level: 1 }).first()).toBeAttached();
}

async function detailsOf(page: Page): Promise<string[]> {
  const hrefs: string[] = [];
  for (const [list, row] of [
    ['/s/personal/todo', '[data-task]'],
    ['/s/personal/notes', '[data-note]'],
  ] as const) {
    await page.goto(list);
    hrefs.push((await page.locator(row).first().getAttribute('href')) ?? '');
  }
  return hrefs;
}

async function checkAll({ page, context }: Device, { paths, origin }: { paths: readonly string[]; origin: string }): Promise<string[]> {
  const problems: string[] = [];
  for (const language of languages) {
    await context.addCookies([{ name: 'mana-language', value: language, url: origin }]);
    for (const path of paths) {
      await visit(page, path);
      await expect(page.locator('html')).toHaveAttribute('lang', language);
      problems.push(...(await inBothThemes(page, `${path} ${language}`)));
    }
  }
  return problems;
}

test('axe finds nothing on any route as a guest, in both themes and languages @phone', async ({ newDevice, mana }) => {
  test.setTimeout(240_000);
  const device = await newDevice();
  device.allow(/nowhere-at-all/, /404/);
  await device.app.startAsGuest();
  const paths = [...doors, ...rooms, ...(await detailsOf(device.page))];
  expect(await checkAll(device, { paths, origin: mana.url })).toEqual([]);
});

test('axe finds nothing on any route with an account, locked and open, in both themes and languages', async ({ newDevice, mana }) => {
  test.setTimeout(240_000);
  const ada = newPerson('Ada');
  const device = await newDevice();
  const { app, page } = device;
  await app.startAsGuest();
  await app.signUp(ada);
  await app.add('Something for the lists tomorrow 9am #tag !high @home');
  await app.newNote({ title: 'Words', body: '# Heading\n\n- [ ] a *task*' });
  await app.expectSynced();
  const paths = [...rooms, ...(await detailsOf(page))];
  const problems = await checkAll(device, { paths, origin: mana.url });
  await device.context.addCookies([{ name: 'mana-language', value: 'en', url: mana.url }]);
  await page.goto('/s/personal');
  await app.light.click();
  problems.push(...(await inBothThemes(page, 'durability sheet')));
  await page.keyboard.press('Escape');
  await page.locator('[popovertarget="account-menu"]').click();
  problems.push(...(await inBothThemes(page, 'account menu')));
  await page.keyboard.press('Escape');
  await page.emulateMedia({ colorScheme: 'light' });
  await app.lock();
  problems.push(...(await inBothThemes(page, 'locked')));
  expect(problems).toEqual([]);
});
