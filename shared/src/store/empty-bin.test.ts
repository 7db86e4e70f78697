import { expect, test } from 'bun:test';
import { notes } from '#modules/notes/notes.ts';
import { createTwoDevices, testSpace, type TwoDevices } from '#testing/two-devices.ts';

const dayMs = 86_400_000;
const id = '01890000-0000-7000-8000-000000000001';
const write = (kind: 'remove' | 'restore' | 'purge') => [{ kind, table: 'notes', id }] as const;

async function openWithDeleted() {
  const devices = await createTwoDevices();
  const [a, b] = [devices.tab(devices.a), devices.tab(devices.b)];
  for (const { store } of [a, b]) await store.whenComplete(notes);
  await a.store.write([{ kind: 'put', table: 'notes', id, values: { title: 'a title', body: 'a body' } }]);
  await arrive(devices);
  await a.store.write(write('remove'));
  await arrive(devices);
  return { devices, a, b };
}

/** Lets what waits leave and arrive, and devices look into their bins. */
async function arrive(devices: TwoDevices): Promise<void> {
  for (let round = 0; round < 3; round++) {
    devices.time.advance(61_000);
    await devices.settle();
  }
}

async function live(devices: TwoDevices, days: number): Promise<void> {
  for (let day = 0; day < days; day++) {
    for (const step of [1_000, dayMs - 701_000, 700_000]) {
      devices.time.advance(step);
      await devices.settle();
    }
  }
  await arrive(devices);
}

async function setOnline(devices: TwoDevices, device: TwoDevices['a'], online: boolean): Promise<void> {
  device.online = online;
  device.wake();
  await devices.settle();
}

/** The device's own clock jumps, and a write has it measured anew. */
async function setSkew(devices: TwoDevices, { store }: ReturnType<TwoDevices['tab']>, days: number): Promise<void> {
  devices.a.clock.skewMs = days * dayMs;
  await store.write([{ kind: 'put', table: 'tasks', values: { title: 'another' } }]);
  await live(devices, 1);
  expect(store.deviceClock.isTrusted()).toBe(true);
}

const held = ({ server }: TwoDevices) => server.records().find((record) => record.table === 'notes')?.fields ?? {};
const isEmptied = (devices: TwoDevices): boolean => held(devices)['title']?.at === held(devices)['deletedAt']?.at;

test('what was deleted is there for thirty days, and gone everywhere soon after', async () => {
  const { devices, a, b } = await openWithDeleted();
  await live(devices, 29);
  expect([isEmptied(devices), a.store.table(notes).bin().length, b.store.table(notes).bin().length]).toEqual([false, 1, 1]);
  await live(devices, 3);
  expect(isEmptied(devices)).toBe(true);
  for (const { store } of [a, b]) {
    expect([store.table(notes).bin(), store.table(notes).all(), await store.history(), store.pendingCount()]).toEqual([[], [], [], 0]);
    expect(await store.write(write('restore'))).toMatchObject({ ok: false, error: { code: 'NO_SUCH_RECORD' } });
  }
  expect(held(devices)['title']?.origin).toBe('system');
});

test('a restoration that was made in time, and arrives late, brings the record back whole', async () => {
  const { devices, a, b } = await openWithDeleted();
  await setOnline(devices, devices.b, false);
  await live(devices, 20);
  await b.store.write(write('restore'));
  await live(devices, 15);
  expect(isEmptied(devices)).toBe(true);
  await setOnline(devices, devices.b, true);
  await arrive(devices);
  for (const { store } of [a, b]) expect(store.table(notes).get(id)?.values).toMatchObject({ title: 'a title', body: 'a body' });
});

test('what arrives as long deleted is there for thirty days all the same', async () => {
  const { devices, a, b } = await openWithDeleted();
  await b.store.write(write('restore'));
  await arrive(devices);
  await setOnline(devices, devices.b, false);
  await b.store.write(write('remove'));
  await live(devices, 40);
  await setOnline(devices, devices.b, true);
  await live(devices, 20);
  expect([isEmptied(devices), a.store.table(notes).bin().length]).toEqual([false, 1]);
  await live(devices, 13);
  expect(isEmptied(devices)).toBe(true);
});

test('neither a server nor a device whose clock alone runs ahead empties a bin', async () => {
  const { devices, a, b } = await openWithDeleted();
  await setOnline(devices, devices.b, false);
  await live(devices, 1);
  await setSkew(devices, a, 400);
  await setSkew(devices, a, 0);
  // The server is a hundred days further, and the device has not noticed any of them.
  devices.time.advance(100 * dayMs);
  await setSkew(devices, a, -100);
  expect([isEmptied(devices), a.store.table(notes).bin().length, b.store.table(notes).bin().length]).toEqual([false, 1, 1]);
});

test('a device that has not measured its clock empties nothing', async () => {
  const { devices, a } = await openWithDeleted();
  await live(devices, 2);
  for (const device of [devices.a, devices.b]) await setOnline(devices, device, false);
  await live(devices, 40);
  a.store.deviceClock.distrust();
  expect(await a.store.emptyBin(testSpace)).toEqual({ ok: true, value: 0 });
});
