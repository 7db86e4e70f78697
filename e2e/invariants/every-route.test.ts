import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import type { Device } from '../device.ts';
import { expect, newPerson, test } from '../fixtures.ts';
import { SpacePage } from '../pages/space-page.ts';

const doors = [
  '/?about',
  '/sign-up',
  '/sign-in',
  '/recover',
  '/join',
  '/verify#token',
  '/new-address#token',
  '/undo-address#token',
  '/nowhere-at-all',
];
const places = [
  '/s/personal',
  '/s/personal/todo',
  '/s/personal/notes',
  '/s/personal/search',
  '/s/personal/profile',
  '/s/personal/kontext',
  '/s/personal/bin',
  '/s/family-0123456789/todo',
  '/spaces/new',
  '/history',
  '/bin',
  '/onboarding/name',
  '/onboarding/look',
  '/onboarding/templates',
];
const settings = [
  '/settings',
  '/settings/account',
  '/settings/account/email',
  '/settings/account/leave',
  '/settings/account/log',
  '/settings/account/password',
  '/settings/account/second-step',
  '/settings/extension',
  '/settings/import',
  '/settings/lock',
  '/settings/storage',
];

async function violations(page: Page, rules?: string[]): Promise<string[]> {
  // Legacy mode looks into no frames, and there are none; the other one opens a further page for each look.
  const axe = new AxeBuilder({ page }).setLegacyMode(true);
  const { violations: found } = await (rules ? axe.withRules(rules) : axe).analyze();
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
}

/** Problems of a page as it stands, in both themes: they differ in nothing but colours. */
async function inBothThemes(page: Page, name: string): Promise<string[]> {
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  const light = await violations(page);
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  const dark = await violations(page, ['color-contrast']);
  return [...light.map((problem) => `${name} (light): ${problem}`), ...dark.map((problem) => `${name} (dark): ${problem}`)];
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

interface Visit {
  readonly paths: readonly string[];
  readonly language: 'de' | 'en';
  readonly origin: string;
}

async function checkAll({ page, context }: Device, { paths, language, origin }: Visit): Promise<string[]> {
  const problems: string[] = [];
  await context.addCookies([{ name: 'mana-language', value: language, url: origin }]);
  for (const path of paths) {
    await visit(page, path);
    await expect(page.locator('html')).toHaveAttribute('lang', language);
    problems.push(...(await inBothThemes(page, `${path} ${language}`)));
  }
  return problems;
}

test.describe.configure({ mode: 'parallel' });

test('axe finds nothing on the doors and the settings of a guest in English, in both themes', async ({ newDevice, mana }) => {
  const device = await newDevice();
  device.allow(/nowhere-at-all/, /404/);
  await device.app.startAsGuest();
  expect(await checkAll(device, { paths: [...doors, ...settings], language: 'en', origin: mana.url })).toEqual([]);
});

test('axe finds nothing where a guest works in English, in both themes', async ({ newDevice, mana }) => {
  const device = await newDevice();
  await device.app.startAsGuest();
  const paths = [...places, ...(await detailsOf(device.page))];
  expect(await checkAll(device, { paths, language: 'en', origin: mana.url })).toEqual([]);
});

test('axe finds nothing on the doors and in the settings of an account in German, in both themes', async ({ newDevice, mana }) => {
  const visitor = await newDevice();
  visitor.allow(/nowhere-at-all/, /404/);
  const problems = await checkAll(visitor, { paths: doors, language: 'de', origin: mana.url });
  const member = await newDevice();
  await member.app.signUp(newPerson('Ada'));
  problems.push(...(await checkAll(member, { paths: settings, language: 'de', origin: mana.url })));
  expect(problems).toEqual([]);
});

test('axe finds nothing where an account works in German, its shared space included, in both themes', async ({ newDevice, mana }) => {
  const member = await newDevice();
  const { app, page } = member;
  await app.signUp(newPerson('Ada'));
  await app.add('Something for the lists tomorrow 9am #tag !high @home');
  await app.newNote({ title: 'Words', body: '# Heading\n\n- [ ] a *task*' });
  await app.expectSynced();
  const details = await detailsOf(page);
  await new SpacePage(page).make('Familie Öz');
  const paths = [...places, ...details, new URL(page.url()).pathname];
  expect(await checkAll(member, { paths, language: 'de', origin: mana.url })).toEqual([]);
});

test('axe finds nothing in sheets and menus, on a locked device and on a phone @phone', async ({ newDevice }) => {
  const { app, page } = await newDevice();
  await app.startAsGuest();
  const problems = await inBothThemes(page, 'home');
  await app.signUp(newPerson('Ada'));
  await app.add('Something for the lists tomorrow 9am #tag !high @home');
  await app.expectSynced();
  await app.light.click();
  problems.push(...(await inBothThemes(page, 'durability sheet')));
  await page.keyboard.press('Escape');
  await page.locator('[popovertarget="account-menu"]').click();
  problems.push(...(await inBothThemes(page, 'account menu')));
  await page.keyboard.press('Escape');
  await new SpacePage(page).switcher.click();
  await expect(page.getByRole('menuitem', { name: 'New space' })).toBeVisible();
  problems.push(...(await inBothThemes(page, 'menu of spaces')));
  await page.keyboard.press('Escape');
  await app.lock();
  problems.push(...(await inBothThemes(page, 'locked')));
  expect(problems).toEqual([]);
});
