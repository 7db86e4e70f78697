import { expect, test } from 'bun:test';
import { notes } from '#modules/notes/notes.ts';
import { tasks } from '#modules/todo/todo.ts';
import { createTwoDevices, testSpace, type TwoDevices } from '#testing/two-devices.ts';

// Cases that broke an earlier system of this kind; docs/named-cases.md lists them all.

const id = '01890000-0000-7000-8000-000000000001';
const patch = (values: Record<string, unknown>) => [{ kind: 'patch' as const, table: 'tasks', id, values }];

async function open(options: Parameters<typeof createTwoDevices>[0] = {}) {
  const devices = await createTwoDevices(options);
  const [a, b] = [devices.tab(devices.a), devices.tab(devices.b)];
  for (const { store } of [a, b]) for (const table of [tasks, notes]) await store.whenComplete(table);
  return { devices, a, b, title: (tab: typeof a) => tab.store.table(tasks).get(id)?.values.title };
}

async function setOnline(devices: TwoDevices, device: TwoDevices['a'], online: boolean): Promise<void> {
  device.online = online;
  device.wake();
  await devices.settle();
}

async function arrive(devices: TwoDevices): Promise<void> {
  devices.time.advance(200);
  await devices.settle();
}

test('an insert, a later update and a still later pull converge', async () => {
  const { devices, a, b, title } = await open();
  await setOnline(devices, devices.b, false);
  await a.store.write([{ kind: 'put', table: 'tasks', id, values: { title: 'inserted' } }]);
  await arrive(devices);
  devices.time.advance(60_000);
  await a.store.write(patch({ title: 'updated' }));
  await arrive(devices);
  devices.time.advance(60_000);
  await setOnline(devices, devices.b, true);
  expect([title(a), title(b)]).toEqual(['updated', 'updated']);
});

test('a first download of sixteen pages with one local write before it brings every record', async () => {
  const { devices, a, b } = await open({ pageRecords: 50 });
  await setOnline(devices, devices.b, false);
  const writes = Array.from({ length: 800 }, (_, index) => ({
    kind: 'put' as const,
    table: 'notes',
    values: { title: `note ${index}` },
  }));
  expect((await a.store.write(writes)).ok).toBe(true);
  for (let round = 0; a.store.pendingCount() > 0 && round < 50; round++) await arrive(devices);
  await b.store.write([{ kind: 'put', table: 'notes', values: { title: 'mine' } }]);
  await setOnline(devices, devices.b, true);
  await arrive(devices);
  expect([b.store.table(notes).all().length, a.store.table(notes).all().length]).toEqual([801, 801]);
}, 120_000);

test('an offline write leaves on reconnect without any further input', async () => {
  const { devices, a, b, title } = await open();
  await setOnline(devices, devices.a, false);
  await a.store.write([{ kind: 'put', table: 'tasks', id, values: { title: 'offline' } }]);
  devices.time.advance(3_600_000);
  await setOnline(devices, devices.a, true);
  expect([title(b), a.store.pendingCount()]).toEqual(['offline', 0]);
});

test('a write into a table that is being pulled is tracked like any other', async () => {
  const { devices, a, b } = await open({ pageRecords: 1 });
  await setOnline(devices, devices.b, false);
  for (const title of ['one', 'two', 'three']) await a.store.write([{ kind: 'put', table: 'tasks', values: { title } }]);
  await arrive(devices);
  devices.b.online = true;
  devices.b.wake();
  await devices.turn();
  for (let written = false; devices.network.count() > 0;) {
    devices.network.deliver(0);
    await devices.turn();
    if (written || b.store.table(tasks).all().length === 0) continue;
    written = true;
    expect((await b.store.write([{ kind: 'put', table: 'tasks', id, values: { title: 'meanwhile' } }])).ok).toBe(true);
    expect(b.store.pendingCount()).toBe(1);
  }
  await arrive(devices);
  for (const { store } of [a, b]) {
    expect(
      store
        .table(tasks)
        .all()
        .map(({ values }) => values.title)
        .toSorted(),
    ).toEqual(['meanwhile', 'one', 'three', 'two']);
  }
});

test('two devices that write one field in the same millisecond end with the same value', async () => {
  const { devices, a, b, title } = await open();
  await a.store.write([{ kind: 'put', table: 'tasks', id, values: { title: 'start' } }]);
  await arrive(devices);
  for (const device of [devices.a, devices.b]) await setOnline(devices, device, false);
  await Promise.all([a.store.write(patch({ title: 'from a' })), b.store.write(patch({ title: 'from b' }))]);
  for (const device of [devices.a, devices.b]) await setOnline(devices, device, true);
  await arrive(devices);
  const ends = [title(a), title(b)];
  await arrive(devices);
  expect([title(a), title(b)]).toEqual(ends);
  expect(ends[0]).toBe(ends[1] as string);
  expect((await Promise.all([a, b].map(({ store }) => store.history()))).flat()).toHaveLength(1);
});

test('a push that the server took and whose answer never came takes effect exactly once', async () => {
  const { devices, a, title, b } = await open();
  await a.store.write([{ kind: 'put', table: 'tasks', id, values: { title: 'once' } }]);
  await devices.turn();
  devices.network.deliver(0);
  await devices.turn();
  devices.network.drop(0);
  await devices.turn();
  devices.time.advance(120_000);
  await devices.settle();
  expect([devices.server.records().filter((record) => record.id === id).length, title(b), a.store.pendingCount()]).toEqual([1, 'once', 0]);
});

test('one invalid operation of a batch is set aside with its reason, and the others arrive', async () => {
  const { devices, a, b } = await open({ rejects: (op) => op.id === id });
  await a.store.write([
    { kind: 'put', table: 'tasks', values: { title: 'before' } },
    { kind: 'put', table: 'tasks', id, values: { title: 'poison' } },
    { kind: 'put', table: 'tasks', values: { title: 'after' } },
  ]);
  await arrive(devices);
  expect(
    b.store
      .table(tasks)
      .all()
      .map(({ values }) => values.title)
      .toSorted(),
  ).toEqual(['after', 'before']);
  expect(await a.store.quarantined()).toMatchObject([{ recordId: id, code: 'READ_ONLY' }]);
  expect([a.store.pendingCount(), a.store.homeSpace]).toEqual([0, testSpace]);
});
