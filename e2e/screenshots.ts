// Fills an account and takes the pictures of `docs/screenshots/`: `node_modules/.bin/bun e2e/screenshots.ts`, after `npm run build`.
import { chromium, devices, type Browser, type BrowserContextOptions, type Page } from '@playwright/test';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { launchOptions } from './chromium.ts';
import { openExtensionDevice, pair } from './extension/extension-device.ts';
import { AppPage } from './pages/app-page.ts';
import { SpacePage } from './pages/space-page.ts';
import { newPerson, type Person } from './person.ts';
import { ManaServer, root } from './server/mana-server.ts';

const folder = join(root, 'docs/screenshots');
const themes = ['light', 'dark'] as const;
const shapes: Readonly<Record<'desktop' | 'phone', BrowserContextOptions>> = {
  desktop: { viewport: { width: 1280, height: 800 } },
  phone: { ...devices['Pixel 7'], viewport: { width: 412, height: 839 }, deviceScaleFactor: 1.5 },
};

const lines = [
  'Call the dentist today 2:30pm #health !high',
  'Water the ferns today #home',
  'Bring the library books back today @library',
  'Send the invoice tomorrow 9am #work',
  'Plan the hike on Saturday #weekend',
  'Repair the bicycle #home',
  'Learn the second movement #cello',
];
const notes = [
  { title: 'Sourdough', body: '- feed the **starter**\n- rye from the mill\n\nTwo days, no hurry.' },
  { title: 'Packing list', body: 'Tent, rope, stove, the good knife.' },
  { title: 'Gift ideas', body: 'Ada: a magnifying glass\nJo: the map of 1890' },
];

async function fill(app: AppPage, person: Person): Promise<void> {
  await app.signUp(person);
  for (const line of lines) await app.add(line);
  await app.goTo('Tasks');
  await app.add('Buy stamps today');
  await app.tick('Buy stamps');
  for (const note of notes) await app.newNote(note);
  await app.goTo('Notes');
  await app.note('Gift ideas').waitFor(); // what was typed last is written, so that it counts among what waits
  await app.expectSynced();
}

/** One picture in each theme, without what only passes by. */
async function take(page: Page, name: string): Promise<void> {
  for (const theme of themes) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    await page.screenshot({ path: join(folder, `${name}-${theme}.png`), animations: 'disabled' });
  }
}

async function takeApp(
  browser: Browser,
  { url, person, shape }: { url: string; person: Person; shape: 'desktop' | 'phone' },
): Promise<void> {
  const context = await browser.newContext({ ...shapes[shape], baseURL: url, locale: 'en-GB', timezoneId: 'Europe/Berlin' });
  const page = await context.newPage();
  const app = new AppPage(page);
  await page.goto('/');
  await take(page, `landing-${shape}`);
  await page.goto('/sign-up');
  await page.getByLabel('E-mail').fill('ada@example.org');
  await page.getByLabel('Password', { exact: true }).fill('four ferns on my window');
  await take(page, `sign-up-${shape}`);
  await app.signIn(person);
  await app.task('Call the dentist').waitFor();
  await app.expectSynced();
  await take(page, `home-${shape}`);
  await app.goTo('Tasks');
  await app.task('Repair the bicycle').waitFor();
  await take(page, `todo-${shape}`);
  await app.goTo('Notes');
  await app.note('Sourdough').waitFor();
  await take(page, `notes-${shape}`);
  await app.openNote('Sourdough');
  await take(page, `note-${shape}`);
  await takeSpace(page, shape);
  await context.close();
}

const spaceName = 'Familie Öz';

/** A space that the first shape makes, and the next ones find. */
async function takeSpace(page: Page, shape: 'desktop' | 'phone'): Promise<void> {
  const spaces = new SpacePage(page);
  if (shape === 'desktop') await spaces.make(spaceName);
  else {
    await spaces.open(spaceName);
    await spaces.openMembers();
  }
  await take(page, `space-${shape}`);
  await spaces.switcher.click();
  await page.getByRole('menuitem', { name: 'New space' }).waitFor();
  await take(page, `spaces-${shape}`);
}

async function takePopup(url: string, person: Person): Promise<void> {
  const device = await openExtensionDevice(url);
  await device.app.page.goto('/sign-in');
  await device.app.signIn(person);
  await pair(device, url);
  const popup = await device.openPopup();
  await popup.getByText('Call the dentist').waitFor();
  await take(popup, 'popup');
  await device.close();
}

mkdirSync(folder, { recursive: true });
const server = await ManaServer.open({ env: { MANA_LOG_LEVEL: 'warn' } });
const browser = await chromium.launch(launchOptions);
try {
  const person = { ...newPerson('Ada'), email: `ada-${Date.now()}@example.org` };
  const context = await browser.newContext({
    baseURL: server.url,
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    viewport: { width: 1280, height: 800 },
  });
  await fill(new AppPage(await context.newPage()), person);
  await context.close();
  for (const shape of ['desktop', 'phone'] as const) await takeApp(browser, { url: server.url, person, shape });
  await takePopup(server.url, person);
} finally {
  await browser.close();
  await server.close();
}
