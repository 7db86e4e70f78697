// From a keystroke on one device to the paint on the other, both pages open, over 100 edits.
import { chromium, type Page } from '@playwright/test';
import { launchOptions } from '../chromium.ts';
import { newPerson } from '../person.ts';
import { AppPage } from '../pages/app-page.ts';
import { ManaServer } from '../server/mana-server.ts';
import { Figures, median, percentile } from './measure.ts';

const edits = 100;
const targetMs = 100;
/** Pause between two edits, in milliseconds: faster ones would be gathered into one push on purpose. */
const paceMs = 200;

/** Waits in the page until the list shows a text, and answers when it was painted (both pages read the machine's clock). */
const paintedAt = (page: Page, text: string): Promise<number> =>
  page.evaluate(
    (awaited) =>
      new Promise<number>((resolve) => {
        const isShown = (): boolean => document.querySelector('main')?.textContent?.includes(awaited) === true;
        const afterPaint = (): void => {
          requestAnimationFrame(() => {
            const channel = new MessageChannel();
            channel.port1.onmessage = () => resolve(performance.timeOrigin + performance.now());
            channel.port2.postMessage(0);
          });
        };
        if (isShown()) {
          afterPaint();
          return;
        }
        const observer = new MutationObserver(() => {
          if (!isShown()) return;
          observer.disconnect();
          afterPaint();
        });
        observer.observe(document.body, { childList: true, subtree: true, characterData: true });
      }),
    text,
  );

/** Types a title as a whole and answers when. */
const typedAt = (page: Page, text: string): Promise<number> =>
  page.evaluate((title) => {
    const field = document.querySelector<HTMLTextAreaElement>('textarea.title');
    if (!field) throw new Error('the task is not open');
    const started = performance.timeOrigin + performance.now();
    field.value = title;
    field.dispatchEvent(new Event('input', { bubbles: true }));
    return started;
  }, text);

const server = await ManaServer.open({ env: { MANA_LOG_LEVEL: 'warn' } });
const browser = await chromium.launch(launchOptions);
const figures = new Figures('live');
try {
  const ada = newPerson('Ada');
  const open = async (): Promise<AppPage> =>
    new AppPage(await (await browser.newContext({ baseURL: server.url, locale: 'en-GB' })).newPage());
  const [writer, reader] = [await open(), await open()];
  await writer.signUp(ada);
  await writer.goTo('Tasks');
  await writer.add('edit none');
  await writer.expectSynced();
  await reader.signIn(ada);
  await reader.goTo('Tasks');
  await reader.task('edit none').waitFor();
  // Once in its life a device stores the whole app: what a person waits for on every other day is measured.
  for (const { page } of [writer, reader]) await page.evaluate(async () => void (await navigator.serviceWorker.ready));
  await writer.openTask('edit none');
  const times: number[] = [];
  for (let edit = 0; edit < edits; edit += 1) {
    const text = `edit number ${edit} of the bench`;
    const arrived = paintedAt(reader.page, text);
    const started = await typedAt(writer.page, text);
    times.push((await arrived) - started);
    await writer.expectSynced();
    await new Promise((resolve) => setTimeout(resolve, paceMs));
  }
  figures.note('A → B painted, p50', median(times), 'ms');
  figures.atMost('A → B painted, p95', percentile(times, 0.95), 'ms', { target: targetMs });
  figures.note('A → B painted, slowest', Math.max(...times), 'ms');
} finally {
  await browser.close();
  await server.close();
}
figures.print();
