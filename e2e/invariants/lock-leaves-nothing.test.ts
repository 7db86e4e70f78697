import type { Page } from '@playwright/test';
import { dumpBrowser } from '../dump-browser.ts';
import { expect, newPerson, test } from '../fixtures.ts';
import { Traffic } from '../traffic.ts';

const canaries = {
  task: 'Canarytaskkakapo',
  title: 'Canarytitlekiwi',
  body: 'Canarybodymoa',
  line: 'Canarylineweka',
};

interface Watched {
  rawKeys: string[];
}

/** Remembers, in the page, the bytes of every key that is given to the browser's cryptography in the clear: account, space, export and PIN keys. */
async function watchKeys(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const watched = globalThis as unknown as Watched;
    watched.rawKeys = [];
    const { subtle } = crypto;
    const original = subtle.importKey.bind(subtle) as (...input: unknown[]) => Promise<CryptoKey>;
    subtle.importKey = ((format: string, data: BufferSource, ...rest: unknown[]) => {
      const secret = rest[1] === true || (rest[2] as string[] | undefined)?.includes('verify') ? undefined : data;
      if (format === 'raw' && secret && ArrayBuffer.isView(secret) && secret.byteLength >= 16) {
        const bytes = new Uint8Array(secret.buffer, secret.byteOffset, secret.byteLength);
        watched.rawKeys.push([...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(''));
      }
      return original(format, data, ...rest);
    }) as typeof subtle.importKey;
  });
}

/** Each key as it might be written down. */
function formsOf(hex: string): string[] {
  const bytes = Buffer.from(hex, 'hex');
  return [hex, bytes.toString('base64').replace(/=+$/, ''), bytes.toString('base64url'), [...bytes].join(','), bytes.toString('utf8')];
}

/** Every string that the page's memory holds. */
async function heapOf(page: Page): Promise<string> {
  const session = await page.context().newCDPSession(page);
  const chunks: string[] = [];
  session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => chunks.push(chunk));
  await session.send('HeapProfiler.collectGarbage');
  await session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  await session.detach();
  return chunks.join('');
}

const found = (places: Readonly<Record<string, string>>, secrets: readonly string[]): string[] =>
  Object.entries(places).flatMap(([place, text]) =>
    secrets.filter((secret) => text.includes(secret)).map((secret) => `${secret} in ${place}`),
  );

test('after a lock nothing that was written is in the memory, on the page or in its storage, and no key was ever kept, sent or logged in the clear', async ({
  newDevice,
  mana,
}) => {
  const ada = newPerson('Ada');
  const device = await newDevice();
  const { app, page } = device;
  const traffic = new Traffic(device.context);
  const said: string[] = [];
  page.on('console', (message) => said.push(message.text()));
  page.on('framenavigated', (frame) => said.push(frame.url()));
  await watchKeys(page);
  await app.signUp(ada);
  await app.add(canaries.task);
  await app.newNote({ title: canaries.title, body: canaries.body });
  await app.goTo('Search');
  await page.getByRole('combobox', { name: 'Search' }).fill('Canary');
  await expect(page.getByRole('option').first()).toBeVisible();
  await app.goTo('Home');
  await app.line.pressSequentially(canaries.line);
  await app.expectSynced();
  expect(found({ heap: await heapOf(page) }, Object.values(canaries)), 'the snapshot sees what is open').toHaveLength(4);

  // Before the lock: the page that it leads to is a new one.
  const keys = await page.evaluate(() => (globalThis as unknown as Watched).rawKeys);
  expect(keys.length, 'keys of this session are known to the test').toBeGreaterThan(5);
  await app.lock();
  const places = {
    'the memory': await heapOf(page),
    'the page': await page.content(),
    'its title': await page.title(),
    'its address': page.url(),
  };
  expect(found(places, Object.values(canaries))).toEqual([]);

  const kept = (await dumpBrowser(page)).text;
  expect(kept, 'no key of the device can be exported').not.toContain('EXTRACTABLE');
  const everywhere = {
    ...places,
    'what the device keeps': kept,
    'what was sent and received': await traffic.text(),
    'the log of the page': said.join('\n'),
    'the log of the server': mana.log,
  };
  expect(found(everywhere, keys.flatMap(formsOf))).toEqual([]);
  expect(found(everywhere, Object.values(canaries))).toEqual([]);
});
