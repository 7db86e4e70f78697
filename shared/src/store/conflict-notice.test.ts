import { expect, test } from 'bun:test';
import { tasks } from '#modules/todo/todo.ts';
import { createTwoDevices, type TwoDevices } from '#testing/two-devices.ts';
import type { Tab } from '#testing/simulated-device.ts';
import type { WriteOptions } from './store.ts';

const id = '01890000-0000-7000-8000-000000000001';
const somebody: WriteOptions = { actor: 'user:01890000-0000-7000-8000-0000000000ee' };
const agent: WriteOptions = { actor: 'agent:01890000-0000-7000-8000-0000000000ff', origin: 'agent' };
const dayMs = 86_400_000;

const put = (tab: Tab, values: Record<string, unknown>) => tab.store.write([{ kind: 'put', table: 'tasks', id, values }]);
const say = (tab: Tab, title: string, options?: WriteOptions) =>
  tab.store.write([{ kind: 'patch', table: 'tasks', id, values: { title } }], options);
const titleOf = ({ store }: Tab): string | undefined => store.table(tasks).get(id)?.values.title;
const lost = async ({ store }: Tab) => (await store.history()).map(({ value, notice, conflict }) => ({ value, notice, conflict }));

async function open() {
  const devices = await createTwoDevices();
  const [a, b] = [devices.tab(devices.a), devices.tab(devices.b)];
  for (const { store } of [a, b]) await store.whenComplete(tasks);
  await put(a, { title: 'first' });
  await devices.settle();
  return { devices, a, b };
}

/** Everything arrives; an edit that waits for company leaves. */
async function arrive(devices: TwoDevices): Promise<void> {
  await devices.settle();
  devices.time.advance(200);
  await devices.settle();
}

async function apart(devices: TwoDevices, device: TwoDevices['a'], work: () => Promise<unknown>): Promise<void> {
  device.online = false;
  device.wake();
  await devices.settle();
  await work();
  await arrive(devices);
  devices.time.advance(5_000);
}

async function together(devices: TwoDevices, device: TwoDevices['a']): Promise<void> {
  device.online = true;
  device.wake();
  await arrive(devices);
}

test('an edit that was not acknowledged and loses to a different text is told', async () => {
  const { devices, a, b } = await open();
  await apart(devices, devices.a, () => say(a, 'mine'));
  await say(b, 'theirs', somebody);
  await arrive(devices);
  await together(devices, devices.a);
  expect([titleOf(a), await lost(a), await lost(b)]).toEqual(['theirs', [{ value: 'mine', notice: true, conflict: true }], []]);
});

test('an acknowledged edit of this session that somebody else replaces is told', async () => {
  const { devices, a, b } = await open();
  await say(a, 'mine');
  await arrive(devices);
  devices.time.advance(1_000);
  await say(b, 'theirs', somebody);
  await arrive(devices);
  expect(await lost(a)).toEqual([{ value: 'mine', notice: true, conflict: true }]);
});

test('an acknowledged edit of an earlier session that somebody else replaces is kept, and no notice', async () => {
  const { devices, a, b } = await open();
  await say(a, 'mine');
  await arrive(devices);
  a.kill();
  const again = await devices.a.openTab();
  await arrive(devices);
  devices.time.advance(1_000);
  await say(b, 'theirs', somebody);
  await arrive(devices);
  expect(await lost(again)).toEqual([{ value: 'mine', notice: false, conflict: false }]);
});

test("a person's own later edit on another device is an ordinary earlier value, and no notice", async () => {
  const { devices, a, b } = await open();
  devices.time.advance(1_000);
  await say(b, 'second');
  await arrive(devices);
  expect([titleOf(a), await lost(a)]).toEqual(['second', [{ value: 'first', notice: false, conflict: false }]]);
});

test('the first download brings no loss, and neither do messages that arrive twice', async () => {
  const { devices, a, b } = await open();
  await say(a, 'second');
  await devices.turn();
  if (devices.network.count() > 0) devices.network.duplicate(0);
  await arrive(devices);
  expect([titleOf(b), await lost(a), await lost(b)]).toEqual(['second', [], []]);
});

test('what an agent wrote is no loss; what an agent replaces is kept, and no notice', async () => {
  const { devices, a, b } = await open();
  await apart(devices, devices.a, () => say(a, 'by my agent', agent));
  await say(b, 'theirs', somebody);
  await arrive(devices);
  await together(devices, devices.a);
  expect(await lost(a)).toEqual([]);
  await apart(devices, devices.a, () => say(a, 'mine'));
  await say(b, 'by the agent', agent);
  await arrive(devices);
  await together(devices, devices.a);
  expect([titleOf(a), await lost(a)]).toEqual(['by the agent', [{ value: 'mine', notice: false, conflict: true }]]);
});

test('equal texts and empty texts are no loss', async () => {
  const { devices, a, b } = await open();
  await apart(devices, devices.a, () => say(a, 'the same'));
  await say(b, 'the same', somebody);
  await arrive(devices);
  await together(devices, devices.a);
  expect([titleOf(a), await lost(a), await lost(b)]).toEqual(['the same', [], []]);
});

test("a device's own older edits are no loss, whether they were under way or not", async () => {
  const { devices, a, b } = await open();
  await say(a, 'one');
  await devices.turn();
  await say(a, 'two');
  devices.time.advance(200);
  await say(a, 'three');
  devices.time.advance(200);
  await arrive(devices);
  expect([titleOf(b), await lost(a), await lost(b)]).toEqual(['three', [], []]);
});

test('a loss is kept for 90 days and then dropped, by a measured clock only', async () => {
  const { devices, a, b } = await open();
  await apart(devices, devices.a, () => say(a, 'mine'));
  await say(b, 'theirs', somebody);
  await arrive(devices);
  await together(devices, devices.a);
  devices.time.advance(89 * dayMs);
  await a.store.restampWaiting();
  expect(await lost(a)).toHaveLength(1);
  devices.time.advance(2 * dayMs);
  await a.store.restampWaiting();
  expect(await lost(a)).toEqual([]);
});

test('a lost text is used again as one step that can be undone', async () => {
  const { devices, a, b } = await open();
  await apart(devices, devices.a, () => say(a, 'mine'));
  await say(b, 'theirs', somebody);
  await arrive(devices);
  await together(devices, devices.a);
  const [entry] = await a.store.history();
  const restored = await a.store.restoreLost(entry?.id ?? '');
  await arrive(devices);
  expect([titleOf(a), titleOf(b)]).toEqual(['mine', 'mine']);
  if (restored.ok) await a.store.undo(restored.value.id);
  await arrive(devices);
  expect([titleOf(a), titleOf(b)]).toEqual(['theirs', 'theirs']);
});

test('a text that a deletion buried comes back with its record, as one step that can be undone', async () => {
  const { devices, a, b } = await open();
  await apart(devices, devices.a, () => say(a, 'written late'));
  await b.store.write([{ kind: 'remove', table: 'tasks', id }], somebody);
  await arrive(devices);
  devices.time.advance(1_000);
  await together(devices, devices.a);
  expect(titleOf(a)).toBeUndefined();
  const entry = (await a.store.history()).find(({ value }) => value === 'written late');
  expect(entry?.winner.kind).toBe('deletion');
  const restored = await a.store.restoreLost(entry?.id ?? '');
  await arrive(devices);
  expect([titleOf(a), titleOf(b)]).toEqual(['written late', 'written late']);
  if (restored.ok) await a.store.undo(restored.value.id);
  await arrive(devices);
  expect([titleOf(a), titleOf(b)]).toEqual([undefined, undefined]);
});
