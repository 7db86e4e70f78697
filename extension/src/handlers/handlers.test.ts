import { beforeEach, expect, test } from 'bun:test';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import type { WorkerSession } from '#app/client/worker-session.ts';
import type { ExtensionPairing } from '#app/pairing/extension-pairing.ts';

Object.assign(globalThis, { chrome: fakeBrowser, browser: fakeBrowser });
// Loaded after the double stands: the adapter looks for the browser when it is read.
const { keepInstance, keepModule, readInstance, readModule, pairingProgress } = await import('./kept-values.ts');
const { keepLockLink, lockedHere, lockedInApp } = await import('./lock-link.ts');
const { requestPairing } = await import('./request-pairing.ts');
const { keepRegularExchange, sendWritten, soonAlarm } = await import('./send-written.ts');

const origin = 'http://localhost:4321';
const popup = { own: true, pageUrl: undefined };
const idleSession: WorkerSession = {
  exchange: () => Promise.resolve(true),
  lock: () => Promise.resolve(),
  accept: () => Promise.resolve('UNAVAILABLE' as const),
};

beforeEach(() => {
  fakeBrowser.reset();
});

test('instance, module and pairing are kept by the browser', async () => {
  expect(await readInstance()).toBeNull();
  expect(await readModule()).toBe('task');
  await keepInstance(origin);
  await keepModule('note');
  expect(await readInstance()).toBe(origin);
  expect(await readModule()).toBe('note');
  await keepInstance(null);
  expect(await readInstance()).toBeNull();
  await pairingProgress.write({ origin, untilMs: 1, step: 'expected' });
  expect(await pairingProgress.read()).toMatchObject({ step: 'expected' });
  await pairingProgress.write(null);
  expect(await pairingProgress.read()).toBeNull();
});

test('without the permission no page is opened and no script registered', async () => {
  const asked: unknown[] = [];
  const opened: unknown[] = [];
  Object.assign(fakeBrowser.permissions, {
    contains: (wanted: unknown) => {
      asked.push(wanted);
      return Promise.resolve(false);
    },
  });
  Object.assign(fakeBrowser.scripting, { registerContentScripts: (script: unknown) => Promise.resolve(opened.push(script)) });
  const expected: string[] = [];
  const pairing: ExtensionPairing = {
    expect: (instance) => Promise.resolve(void expected.push(instance)),
    cancel: () => Promise.resolve(),
    view: () => Promise.resolve(null),
    answer: () => Promise.resolve(null),
  };
  await requestPairing(pairing)({ origin }, popup);
  expect(expected).toEqual([origin]);
  expect(asked).toEqual([{ origins: ['http://localhost:4321/*'] }]);
  expect(opened).toEqual([]);
  expect(await fakeBrowser.tabs.query({})).toHaveLength(1);
});

test('a write sets an alarm that outlives worker and popup; it goes when all is sent', async () => {
  await keepInstance(origin);
  let left = true;
  const session = { ...idleSession, exchange: () => Promise.resolve(!left) };
  await sendWritten(session)({ now: true }, popup);
  expect(await fakeBrowser.alarms.get(soonAlarm)).toBeDefined();
  left = false;
  await sendWritten(session)({ now: true }, popup);
  expect(await fakeBrowser.alarms.get(soonAlarm)).toBeUndefined();
});

test('the regular exchange is asked for again by every worker of a connected browser, once', async () => {
  await keepRegularExchange();
  expect(await fakeBrowser.alarms.getAll()).toEqual([]);
  await keepInstance(origin);
  await keepRegularExchange();
  await keepRegularExchange();
  expect(await fakeBrowser.alarms.getAll()).toMatchObject([{ periodInMinutes: 15 }]);
});

test('a lock in the app counts when a page of the connected instance tells it, and no other', async () => {
  const locked: unknown[] = [];
  const session = { ...idleSession, lock: (...what: unknown[]) => Promise.resolve(void locked.push(what)) };
  const tell = (pageUrl: string | undefined) => lockedInApp(session)({ account: 'ada' }, { own: false, pageUrl });
  await tell(`${origin}/s/personal`);
  await keepInstance(origin);
  for (const url of ['https://evil.example/', 'http://localhost:9999/', undefined]) await tell(url);
  expect(locked).toEqual([]);
  await tell(`${origin}/s/personal`);
  expect(locked).toEqual([[origin, 'ada']]);
});

test('the pages of the connected instance are linked once, those that are open too, and hear of a lock in the extension', async () => {
  const registered: { id: string }[] = [];
  const said: unknown[] = [];
  Object.assign(fakeBrowser.scripting, {
    getRegisteredContentScripts: () => Promise.resolve(registered),
    registerContentScripts: (scripts: { id: string }[]) => Promise.resolve(void registered.push(...scripts)),
    executeScript: (script: unknown) => Promise.resolve(said.push(script)),
  });
  Object.assign(fakeBrowser.tabs, {
    query: ({ url }: { url: string }) => Promise.resolve([{ id: 7, url }]),
    sendMessage: (id: number, message: unknown) => Promise.resolve(said.push([id, message])),
  });
  await keepLockLink();
  expect(registered).toEqual([]);
  await keepInstance(origin);
  await keepLockLink();
  await keepLockLink();
  expect(registered).toMatchObject([{ js: ['lock-link.js'], matches: ['http://localhost:4321/*'], runAt: 'document_start' }]);
  await lockedHere()({ account: 'ada' }, popup);
  expect(said).toEqual([{ target: { tabId: 7 }, files: ['/lock-link.js'] }, [7, { account: 'ada' }]]);
});
