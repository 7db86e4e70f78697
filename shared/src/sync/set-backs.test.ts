import { expect, test } from 'bun:test';
import { tasks } from '#modules/todo/todo.ts';
import { createHostileServer } from '#testing/hostile-server.ts';
import { createTwoDevices, type TwoDevices } from '#testing/two-devices.ts';

const id = '01890000-0000-7000-8000-000000000001';
const put = (title: string) => [{ kind: 'put' as const, table: 'tasks', id, values: { title } }];
const patch = (values: Record<string, unknown>) => [{ kind: 'patch' as const, table: 'tasks', id, values }];

async function open(options: Parameters<typeof createTwoDevices>[0] = {}) {
  const devices = await createTwoDevices(options);
  const [a, b] = [devices.tab(devices.a), devices.tab(devices.b)];
  for (const { store } of [a, b]) {
    store.table(tasks);
    await store.whenComplete(tasks);
  }
  return { devices, a, b, title: (tab: typeof a) => tab.store.table(tasks).get(id)?.values.title };
}

async function comeBack(devices: TwoDevices, device: TwoDevices['a']): Promise<void> {
  device.online = true;
  device.wake();
  await devices.settle();
}

test('a database that was set back takes a new device id and goes on', async () => {
  const { devices, a, b, title } = await open();
  await a.store.write(put('one'));
  await devices.settle();
  const { device } = a.store.place();
  await a.store.movePlace((place) => ({ ...place, pushNumber: 0 }));
  devices.time.advance(1_000);
  await a.store.write(patch({ title: 'two' }));
  await devices.settle();
  expect(title(b)).toBe('two');
  expect(a.store.place().device).not.toBe(device);
  expect(a.store.place().earlierDevices).toEqual([device]);
});

test('a server restored from an older copy gets back what its devices had acknowledged, byte for byte', async () => {
  const { devices, a, b, title } = await open();
  await a.store.write(put('in the copy'));
  await devices.settle();
  const backup = devices.server.backup();
  devices.time.advance(1_000);
  await a.store.write(patch({ title: 'after the copy' }));
  await devices.settle();
  const lost = devices.server.records()[0]?.fields['title'];
  devices.server.restore(backup);
  for (const device of [devices.a, devices.b]) await comeBack(devices, device);
  devices.time.advance(61_000);
  await devices.settle();
  expect(devices.server.records()[0]?.fields['title']).toEqual(lost);
  expect([title(a), title(b), a.store.place().generation]).toEqual(['after the copy', 'after the copy', 2]);
  expect([a.store.pendingCount(), b.store.pendingCount()]).toEqual([0, 0]);
});

test('a server that was set back unnoticed gets everything again from a device that stands beyond its end', async () => {
  const { devices, a, b, title } = await open();
  await a.store.write(put('in the copy'));
  await devices.settle();
  const backup = devices.server.backup();
  devices.time.advance(1_000);
  await a.store.write(patch({ title: 'after the copy' }));
  await devices.settle();
  devices.server.restore(backup, true);
  for (const device of [devices.a, devices.b]) await comeBack(devices, device);
  devices.time.advance(61_000);
  await devices.settle();
  expect([title(a), title(b), devices.server.records()[0]?.seq]).toEqual(['after the copy', 'after the copy', 2]);
  expect([a.store.pendingCount(), b.store.pendingCount(), a.store.place().generation]).toEqual([0, 0, 1]);
});

test('what an old key sealed is sealed again under the new one, and offered so to a server that was set back', async () => {
  const { devices, a, b, title } = await open();
  const backup = devices.server.backup();
  await a.store.write(put('before'));
  await devices.settle();
  devices.server.rotate();
  devices.time.advance(1_000);
  await a.store.write(patch({ notes: 'after' }));
  await devices.settle();
  expect(devices.server.records()[0]?.fields).toMatchObject({ title: { epoch: 2 }, notes: { epoch: 2 } });
  devices.server.restore(backup);
  await comeBack(devices, devices.a);
  devices.time.advance(61_000);
  await devices.settle();
  expect(devices.server.records()[0]?.fields).toMatchObject({ title: { epoch: 2 }, notes: { epoch: 2 } });
  expect([title(b), a.store.pendingCount(), a.sync.status().state]).toEqual(['before', 0, 'synced']);
});

test.each([
  ['181 days reads everything again', 181, true],
  ['a week reads on from where it stood', 7, false],
])('a device that was away for %s, and sends only what it had not sent', async (_, days, isAfresh) => {
  const seen: number[] = [];
  const { devices, a } = await open({
    tamper: (server) =>
      createHostileServer(server, {
        page(page) {
          seen.push(...page.records.map(({ seq }) => seq));
          return page;
        },
      }),
  });
  const [untouched, other] = ['01890000-0000-7000-8000-000000000002', '01890000-0000-7000-8000-000000000003'];
  await a.store.write([{ kind: 'put', table: 'tasks', id: untouched, values: { title: 'untouched' } }]);
  await devices.settle();
  devices.time.advance(200);
  await a.store.write(put('before'));
  await devices.settle();
  devices.a.online = false;
  await a.store.write(patch({ title: 'while away' }));
  devices.a.killTab(0);
  await devices.tab(devices.b).store.write([{ kind: 'put', table: 'tasks', id: other, values: { title: 'from b' } }]);
  await devices.settle();
  devices.time.advance(days * 86_400_000);
  await devices.settle();
  seen.length = 0;
  devices.a.online = true;
  const again = await devices.a.openTab();
  await again.store.whenComplete(tasks);
  await devices.settle();
  expect([seen.includes(1), seen.includes(3)]).toEqual([isAfresh, true]);
  const titles = again.store.table(tasks).all();
  expect(titles.map(({ values }) => values.title).toSorted()).toEqual(['from b', 'untouched', 'while away']);
  expect([again.store.pendingCount(), devices.server.records().length]).toEqual([0, 3]);
});
