import { expect, test } from 'bun:test';
import { tasks } from '#modules/todo/todo.ts';
import { isEnvelope } from '#wire/envelope-form.ts';
import { createTwoDevices, testSpace, type TwoDevices } from '#testing/two-devices.ts';

const records = 250; // three slices
const idOf = (index: number): string => `01890000-0000-7000-8000-${String(index).padStart(12, '0')}`;

/** Two devices that both hold as many tasks under the first key; then a second one begins. */
async function openFull(count = records) {
  const devices = await createTwoDevices({ pageRecords: 100 });
  const [a, b] = [devices.tab(devices.a), devices.tab(devices.b)];
  for (const { store } of [a, b]) await store.whenComplete(tasks);
  await a.store.write(
    Array.from({ length: count }, (_, index) => ({
      kind: 'put' as const,
      table: 'tasks',
      id: idOf(index),
      values: { title: `task ${index}` },
    })),
  );
  await untilQuiet(devices);
  return { devices, a, b };
}

async function untilQuiet(devices: TwoDevices): Promise<void> {
  for (let round = 0; round < 30; round++) {
    devices.time.advance(1_000);
    await devices.settle();
  }
}

function rotate(devices: TwoDevices): void {
  devices.server.rotate();
  devices.learnKeys();
}

const sealedEpochs = ({ server }: TwoDevices): number[] =>
  server.records().flatMap(({ fields }) => Object.values(fields).flatMap(({ v, epoch }) => (isEnvelope(v) ? [epoch] : [])));

const shownBy = (tab: ReturnType<TwoDevices['tab']>) =>
  tab.store
    .table(tasks)
    .all()
    .map(({ id, values, updatedAt, stamps }) => ({ id, title: values.title, updatedAt, at: stamps['title']?.at }))
    .toSorted((one, two) => (one.id < two.id ? -1 : 1));

test('after a new key all values come under it, and nothing that anybody sees has changed', async () => {
  const { devices, a, b } = await openFull();
  const before = shownBy(a);
  const stamps = devices.server.records().map(({ id, fields }) => [id, fields['title']?.at, fields['title']?.actor]);
  rotate(devices);
  const progress: (number | undefined)[] = [];
  const unsent: number[] = [];
  a.sync.subscribe(() => {
    progress.push(a.sync.status().resealing?.done);
    unsent.push(a.sync.status().unsent);
  });
  a.sync.syncNow().catch(() => undefined);
  await untilQuiet(devices);
  expect(new Set(sealedEpochs(devices))).toEqual(new Set([2]));
  expect(devices.server.records().map(({ id, fields }) => [id, fields['title']?.at, fields['title']?.actor])).toEqual(
    expect.arrayContaining(stamps),
  );
  expect([shownBy(a), shownBy(b)]).toEqual([before, before]);
  expect([await a.store.history(), await b.store.history(), await a.store.quarantined()]).toEqual([[], [], []]);
  expect(progress).toContain(100);
  expect([a.sync.status().resealing, a.store.place().resealed?.[testSpace]]).toEqual([null, 2]);
  expect(Math.max(...unsent)).toBe(0);
});

test('what somebody writes meanwhile wins, and is no conflict', async () => {
  const { devices, a, b } = await openFull(5);
  devices.a.online = false;
  devices.a.wake();
  rotate(devices);
  devices.time.advance(1_000);
  await b.store.write([{ kind: 'patch', table: 'tasks', id: idOf(1), values: { title: 'newer' } }]);
  await b.store.write([{ kind: 'remove', table: 'tasks', id: idOf(2) }]);
  await untilQuiet(devices);
  devices.a.online = true;
  devices.a.wake();
  await untilQuiet(devices);
  expect(shownBy(a)).toEqual(shownBy(b));
  expect(shownBy(a).map(({ title }) => title)).toEqual(['task 0', 'newer', 'task 3', 'task 4']);
  expect((await a.store.history()).filter(({ notice }) => notice)).toEqual([]);
  expect(await a.store.quarantined()).toEqual([]);
});

test('interrupted by the death of the tab it goes on with the next one, and ends', async () => {
  const { devices, a } = await openFull();
  await untilQuiet(devices);
  devices.b.online = false;
  rotate(devices);
  void a.sync.syncNow();
  let turns = 0;
  while (!sealedEpochs(devices).includes(2) && turns++ < 50) {
    devices.time.advance(200);
    await devices.turn();
    if (devices.network.count() > 0) devices.network.deliver(0);
  }
  const half = new Set(sealedEpochs(devices));
  a.kill();
  await devices.a.openTab();
  await untilQuiet(devices);
  expect([half, new Set(sealedEpochs(devices))]).toEqual([new Set([1, 2]), new Set([2])]);
});

test('what lies in the bin is left, and restored under the new key', async () => {
  const { devices, a } = await openFull(2);
  await a.store.write([{ kind: 'remove', table: 'tasks', id: idOf(0) }]);
  await untilQuiet(devices);
  rotate(devices);
  void a.sync.syncNow();
  await untilQuiet(devices);
  const titleEpoch = (index: number) => devices.server.records().find(({ id }) => id === idOf(index))?.fields['title']?.epoch;
  expect([titleEpoch(0), titleEpoch(1)]).toEqual([1, 2]);
  await a.store.write([{ kind: 'restore', table: 'tasks', id: idOf(0) }]);
  await untilQuiet(devices);
  expect(titleEpoch(0)).toBe(2);
});
