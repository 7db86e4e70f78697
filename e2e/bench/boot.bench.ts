// What the first screen loads, and how soon a slow machine paints it, beside an empty SvelteKit page built and served in the same run.
import { chromium, type Browser, type BrowserContext, type Page } from '@playwright/test';
import { gzipSync } from 'node:zlib';
import { launchOptions } from '../chromium.ts';
import { AppPage } from '../pages/app-page.ts';
import { ManaServer } from '../server/mana-server.ts';
import { serveEmptyPage } from './empty-page.ts';
import { Figures, median } from './measure.ts';

const rounds = 7;
const cpuSlowdown = 4;
const maxScriptKb = 120;
const maxPaintRatio = 2;
const maxWarmMs = 1_500;

async function slow(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: cpuSlowdown });
}

/** Time of the largest paint, when nothing has been larger for a while after loading. */
const largestPaint = (page: Page): Promise<number> =>
  page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const quietMs = 1_000;
        let latest = 0;
        let timer: ReturnType<typeof setTimeout> | undefined;
        new PerformanceObserver((entries) => {
          latest = entries.getEntries().at(-1)?.startTime ?? latest;
          clearTimeout(timer);
          timer = setTimeout(() => resolve(latest), quietMs);
        }).observe({ type: 'largest-contentful-paint', buffered: true });
      }),
  );

/** Gzipped size of all scripts that a page asks for while it opens, in kB (1,000 bytes). */
async function scriptKb(page: Page, open: () => Promise<unknown>): Promise<number> {
  const bodies: Promise<number>[] = [];
  page.on('response', (response) => {
    if (response.status() === 200 && response.request().resourceType() === 'script' && !response.url().endsWith('/service-worker.js'))
      bodies.push(response.body().then((body) => gzipSync(body, { level: 9 }).length));
  });
  await open();
  await largestPaint(page);
  return (await Promise.all(bodies)).reduce((sum, bytes) => sum + bytes, 0) / 1_000;
}

async function coldPaint(browser: Browser, url: string): Promise<number> {
  const context = await browser.newContext({ serviceWorkers: 'block' });
  const page = await context.newPage();
  await slow(page);
  await page.goto(url);
  const time = await largestPaint(page);
  await context.close();
  return time;
}

async function warmPaints(context: BrowserContext, path: string): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const page = await context.newPage();
    await slow(page);
    await page.goto(path);
    times.push(await largestPaint(page));
    await page.close();
  }
  return times;
}

/** Fills a guest's vault with tasks by the importer. */
async function fill(app: AppPage, count: number): Promise<void> {
  const head = 'TYPE,CONTENT,DESCRIPTION,PRIORITY,INDENT,AUTHOR,RESPONSIBLE,DATE,DATE_LANG,TIMEZONE\n';
  const rows = Array.from({ length: count }, (_, index) => `task,Task number ${index},,4,1,,,${index % 500 === 0 ? 'today' : ''},en,\n`);
  await app.page.goto('/settings/import');
  await app.page
    .locator('input[type=file]')
    .first()
    .setInputFiles({ name: 'many.csv', mimeType: 'text/csv', buffer: Buffer.from(head + rows.join('')) });
  await app.page.getByRole('button', { name: /^Import/ }).click({ timeout: 120_000 });
  await app.page.getByText(/entries are here now/).waitFor({ timeout: 300_000 });
}

const figures = new Figures('boot');
const empty = await serveEmptyPage();
const server = await ManaServer.open({ env: { MANA_LOG_LEVEL: 'warn' } });
const browser = await chromium.launch(launchOptions);
try {
  const landing: number[] = [];
  const floor: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    floor.push(await coldPaint(browser, empty.url));
    landing.push(await coldPaint(browser, server.url));
  }

  const visitor = await browser.newContext({ baseURL: server.url, locale: 'en-GB', serviceWorkers: 'block' });
  const door = await visitor.newPage();
  figures.atMost('scripts of the landing page, gzip', await scriptKb(door, () => door.goto('/')), 'kB', { target: maxScriptKb });
  await new AppPage(door).startAsGuest();
  const home = await visitor.newPage();
  figures.atMost('scripts of home, gzip', await scriptKb(home, () => home.goto('/s/personal')), 'kB', { target: maxScriptKb });
  const other = await visitor.newPage();
  figures.note('scripts of an empty SvelteKit page, gzip', await scriptKb(other, () => other.goto(empty.url)), 'kB');

  figures.note('largest paint, cold, 4 × slower: empty SvelteKit page', median(floor), 'ms');
  figures.note('largest paint, cold, 4 × slower: first screen', median(landing), 'ms');
  const peer = { target: maxPaintRatio, peer: 'empty SvelteKit page' };
  figures.atMost('largest paint, cold, ratio', median(landing) / median(floor), '×', peer);

  const member = await browser.newContext({ baseURL: server.url, locale: 'en-GB' });
  const app = new AppPage(await member.newPage());
  await app.startAsGuest();
  await app.page.evaluate(async () => void (await navigator.serviceWorker.ready));
  figures.atMost('home, warm, 4 × slower: largest paint', median(await warmPaints(member, '/s/personal')), 'ms', { target: maxWarmMs });
  await fill(app, 10_000);
  await app.page.close();
  figures.note('home with 10,000 records, warm, 4 × slower: largest paint', median(await warmPaints(member, '/s/personal')), 'ms');
} finally {
  await browser.close();
  await server.close();
  await empty.close();
}
figures.print();
