import { expect, test } from 'bun:test';
import { notes } from '#modules/notes/notes.ts';
import { createTwoDevices, type TwoDevices } from '#testing/two-devices.ts';

const id = '01890000-0000-7000-8000-000000000001';
const write = (kind: 'remove' | 'restore' | 'purge') => [{ kind, table: 'notes', id }] as const;

async function openWithDeleted() {
  const devices = await createTwoDevices();
  const [a, b] = [devices.tab(devices.a), devices.tab(devices.b)];
  for (const { store } of [a, b]) await store.whenComplete(notes);
  await a.store.write([{ kind: 'put', table: 'notes', id, values: { title: 'secret title', body: 'secret body' } }]);
  await arrive(devices);
  await a.store.write(write('remove'));
  await arrive(devices);
  return { devices, a, b };
}

async function arrive(devices: TwoDevices): Promise<void> {
  devices.time.advance(200);
  await devices.settle();
}

async function setOnline(devices: TwoDevices, device: TwoDevices['a'], online: boolean): Promise<void> {
  device.online = online;
  device.wake();
  await devices.settle();
}

test('what is deleted for good is gone on the server and on every device, and stays deleted', async () => {
  const { devices, a, b } = await openWithDeleted();
  const before = devices.server.records()[0]?.fields;
  expect(b.store.table(notes).bin()).toHaveLength(1);
  expect((await a.store.write(write('purge'))).ok).toBe(true);
  await arrive(devices);
  const after = devices.server.records()[0]?.fields ?? {};
  expect(after['deletedAt']?.v).toBe(before?.['deletedAt']?.v ?? null);
  for (const name of ['title', 'body'])
    expect([after[name]?.v === before?.[name]?.v, String(after[name]?.v).includes('InNlY3')]).toEqual([false, false]);
  for (const { store } of [a, b]) {
    expect([store.table(notes).bin(), store.table(notes).all(), await store.history()]).toEqual([[], [], []]);
    expect(await store.write(write('restore'))).toMatchObject({ ok: false, error: { code: 'NO_SUCH_RECORD' } });
  }
});

test('a device that was away with a newer edit of it finds its text in the history', async () => {
  const { devices, a, b } = await openWithDeleted();
  await a.store.write(write('restore'));
  await arrive(devices);
  await setOnline(devices, devices.b, false);
  devices.time.advance(10_000);
  await b.store.write([{ kind: 'patch', table: 'notes', id, values: { body: 'written far away' } }]);
  devices.time.advance(10_000);
  await a.store.write(write('remove'));
  await a.store.write(write('purge'));
  await arrive(devices);
  await setOnline(devices, devices.b, true);
  await arrive(devices);
  expect(b.store.table(notes).all()).toEqual([]);
  expect((await b.store.history()).map(({ value }) => value)).toContain('written far away');
});

test('only what lies in the bin can be deleted for good, once, and no undo brings it back', async () => {
  const { devices, a } = await openWithDeleted();
  await a.store.write(write('restore'));
  expect(await a.store.write(write('purge'))).toMatchObject({ ok: false, error: { code: 'NO_SUCH_RECORD' } });
  await a.store.write(write('remove'));
  const purged = await a.store.write(write('purge'));
  expect(await a.store.undo(purged.ok ? purged.value.id : '')).toMatchObject({ ok: false, error: { code: 'NOTHING_TO_UNDO' } });
  expect(await a.store.write(write('purge'))).toMatchObject({ ok: false });
  await arrive(devices);
});

test('a record of the same name can be made again, on both devices', async () => {
  const { devices, a, b } = await openWithDeleted();
  await a.store.write(write('purge'));
  await arrive(devices);
  await b.store.write([{ kind: 'put', table: 'notes', id, values: { title: 'again' } }]);
  await arrive(devices);
  for (const { store } of [a, b])
    expect(
      store
        .table(notes)
        .all()
        .map(({ values }) => [values.title, values.body]),
    ).toEqual([['again', '']]);
});

test('deleting for good yields as a whole to something newer that was not here yet', async () => {
  const { devices, a, b } = await openWithDeleted();
  await a.store.write(write('restore'));
  await arrive(devices);
  await setOnline(devices, devices.a, false);
  await a.store.write(write('remove'));
  await a.store.write(write('purge'));
  devices.time.advance(10_000);
  await b.store.write([{ kind: 'patch', table: 'notes', id, values: { body: 'newer' } }]);
  await arrive(devices);
  await setOnline(devices, devices.a, true);
  await arrive(devices);
  for (const { store } of [a, b]) {
    expect(store.table(notes).get(id)?.values).toMatchObject({ title: 'secret title', body: 'newer' });
    expect([await store.quarantined(), store.pendingCount()]).toEqual([[], 0]);
  }
});

test('deleting for good drops only what this device had: what came into the bin since stays there', async () => {
  const { devices, a, b } = await openWithDeleted();
  await setOnline(devices, devices.b, false);
  await a.store.write(write('restore'));
  await a.store.write([{ kind: 'patch', table: 'notes', id, values: { body: 'newer' } }]);
  await a.store.write(write('remove'));
  await arrive(devices);
  devices.time.advance(10_000);
  await b.store.write(write('purge'));
  await setOnline(devices, devices.b, true);
  await arrive(devices);
  const bodies = [a, b].map(({ store }) => store.table(notes).bin()[0]?.values.body);
  expect(bodies).toEqual(['newer', 'newer']);
});
