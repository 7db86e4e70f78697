import { expect, test } from 'bun:test';
import { systemClock } from '@mana/shared/base/clock';
import { localDay } from '@mana/shared/base/local-day';
import { parseQuickAdd } from '@mana/shared/quick-add/quick-add';
import { createAccountServer } from '@mana/shared/testing/account-server';
import { createSessionDevice } from '@mana/shared/testing/session-device';
import type { Messages } from '#app/messages.ts';
import type { PairingView } from '#app/pairing/extension-pairing.ts';
import { createPopup, type PopupPorts } from './popup.ts';

const instance = 'http://localhost:4321';
const place = { nowMs: Date.now(), language: 'en' } as const;

/** A browser around the popup: what it remembers outlives each opening. */
async function createBrowserDouble({ grant = true } = {}) {
  const device = createSessionDevice((await createAccountServer()).browser());
  const watchers = new Set<() => void>();
  const sent: string[] = [];
  let connected: string | null = null;
  let pairing: PairingView = null;
  const replies: { [Name in keyof Messages]?: (request: Messages[Name]['request']) => void } = {
    requestPairing: ({ origin }) => void (pairing = { origin, code: null }),
    cancelPairing: () => void (pairing = null),
    disconnect: () => void (connected = null),
  };
  const ports: PopupPorts = {
    clock: systemClock,
    send: (name, request) => {
      sent.push(name);
      replies[name]?.(request);
      return Promise.resolve((name === 'readPairing' ? pairing : null) as never);
    },
    readInstance: () => Promise.resolve(connected),
    watch(listener) {
      watchers.add(listener);
      return () => watchers.delete(listener);
    },
    askForHost: () => Promise.resolve(grant),
    openPage: () => undefined,
    openSession: () => Promise.resolve(device.openTab('extension')),
    readModule: () => Promise.resolve('task'),
    keepModule: () => undefined,
  };
  const connect = async (): Promise<void> => {
    await device.openTab('extension').startGuest();
    connected = instance;
  };
  return { ports, sent, connect };
}

async function openClient(browser: Awaited<ReturnType<typeof createBrowserDouble>>) {
  const popup = createPopup(browser.ports);
  await popup.look();
  const screen = popup.screen();
  if (screen.kind !== 'open') throw new Error(`the popup shows ${screen.kind}`);
  return { popup, client: screen.client };
}

test('a popup without an instance asks for one', async () => {
  const popup = createPopup((await createBrowserDouble()).ports);
  await popup.look();
  expect(popup.screen()).toEqual({ kind: 'connect', refusedOrigin: null });
});

test('a refused permission says so and leaves nothing under way', async () => {
  const browser = await createBrowserDouble({ grant: false });
  const popup = createPopup(browser.ports);
  await popup.connect(instance);
  expect(popup.screen()).toEqual({ kind: 'connect', refusedOrigin: instance });
  expect(browser.sent).toContain('cancelPairing');
});

test('a granted permission shows that the app is waited for', async () => {
  const popup = createPopup((await createBrowserDouble()).ports);
  await popup.connect(instance);
  expect(popup.screen()).toEqual({ kind: 'compare', origin: instance, code: null });
  await popup.stopPairing();
  expect(popup.screen().kind).toBe('connect');
});

test('an added task is due today, is told to the worker, and is there when the popup opens again', async () => {
  const browser = await createBrowserDouble();
  await browser.connect();
  const { client } = await openClient(browser);
  const added = await client.addTask({
    ...parseQuickAdd('water plants #home', place),
    values: { ...parseQuickAdd('x', place).values, dueDate: localDay(Date.now()), tags: ['home'] },
  });
  expect(added.ok).toBe(true);
  expect(client.done()).toMatchObject({ kind: 'task-added', title: 'water plants' });
  expect(browser.sent).toContain('sendWritten');
  const again = await openClient(browser);
  await again.client.whenComplete();
  expect(again.client.due().today.map(({ values }) => values.title)).toEqual(['water plants']);
});

test('ticking off takes a task from the day, undo brings it back', async () => {
  const browser = await createBrowserDouble();
  await browser.connect();
  const { client } = await openClient(browser);
  const values = { ...parseQuickAdd('x', place).values, dueDate: '2001-01-01' };
  await client.addTask({ title: 'old bill', chips: [], values });
  const [task] = client.due().overdue;
  if (task === undefined) throw new Error('no overdue task');
  await client.tick(task);
  expect(client.due().overdue).toEqual([]);
  await client.undo();
  expect(client.due().overdue.map(({ id }) => id)).toEqual([task.id]);
  expect(client.done()).toBeNull();
});

test('what was typed is there when the popup opens again', async () => {
  const browser = await createBrowserDouble();
  await browser.connect();
  const first = await openClient(browser);
  first.client.draft.typed('half a tho');
  await first.client.draft.settled();
  const second = await openClient(browser);
  expect(await second.client.readDraft()).toBe('half a tho');
});

test('a closing popup hands what is unsent to the worker', async () => {
  const browser = await createBrowserDouble();
  await browser.connect();
  const { popup, client } = await openClient(browser);
  await client.addNote('Packing list\ntent');
  browser.sent.length = 0;
  popup.closing();
  expect(browser.sent).toEqual(['sendWritten']);
});

test('a disconnected popup asks for an instance again', async () => {
  const browser = await createBrowserDouble();
  await browser.connect();
  const { popup } = await openClient(browser);
  await popup.disconnect();
  expect(popup.screen().kind).toBe('connect');
});
