import { expect, test } from 'bun:test';
import { tasks } from '#modules/todo/todo.ts';
import { createHostileServer } from '#testing/hostile-server.ts';
import { createTwoDevices, testSpace, type TwoDevices } from '#testing/two-devices.ts';

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

async function goOffline(devices: TwoDevices, device: TwoDevices['a']): Promise<void> {
  device.online = false;
  device.wake();
  await devices.settle();
}

async function comeBack(devices: TwoDevices, device: TwoDevices['a']): Promise<void> {
  device.online = true;
  device.wake();
  await devices.settle();
}

test('an edit on one device appears on the other at once, with real encryption', async () => {
  const { devices, a, b, title } = await open({ aes: true });
  await a.store.write(put('hello'));
  await devices.settle();
  expect(title(b)).toBe('hello');
  expect(JSON.stringify(devices.server.records())).not.toContain('hello');
  expect([a.store.pendingCount(), a.sync.status().state, b.sync.status().live]).toEqual([0, 'synced', true]);
});

test('the first edit leaves at once, further ones within 100 ms leave together', async () => {
  const { devices, a } = await open();
  await a.store.write(put('one'));
  await devices.turn();
  expect(devices.network.count()).toBe(1);
  await devices.settle();
  const before = a.store.place().pushNumber;
  for (const title of ['two', 'three', 'four']) await a.store.write(patch({ title }));
  await devices.settle();
  expect(a.store.place().pushNumber).toBe(before);
  devices.time.advance(100);
  await devices.settle();
  expect(a.store.place().pushNumber).toBe(before + 1);
});

test('at idle nothing is sent while live updates are connected', async () => {
  const { devices } = await open();
  for (let minute = 0; minute < 10; minute++) {
    devices.time.advance(60_000);
    await devices.turn();
    expect(devices.network.count()).toBe(0);
  }
});

test('an edit made offline arrives after reconnect, also after a restart', async () => {
  const { devices, a, b, title } = await open();
  await goOffline(devices, devices.a);
  await a.store.write(put('offline'));
  expect(a.sync.status()).toMatchObject({ state: 'offline', unsent: 1 });
  devices.a.killTab(0);
  await devices.a.openTab();
  await comeBack(devices, devices.a);
  expect(title(b)).toBe('offline');
});

test('two edits of one field: the later one is everywhere, the earlier one in its history with a notice', async () => {
  const { devices, a, b, title } = await open();
  await a.store.write(put('start'));
  await devices.settle();
  await goOffline(devices, devices.a);
  await goOffline(devices, devices.b);
  devices.time.advance(1_000);
  await a.store.write(patch({ title: 'from a' }));
  devices.time.advance(1_000);
  await b.store.write(patch({ title: 'from b' }));
  await comeBack(devices, devices.b);
  await comeBack(devices, devices.a);
  expect([title(a), title(b)]).toEqual(['from b', 'from b']);
  const [loss] = await a.store.history();
  expect(loss).toMatchObject({ field: 'title', value: 'from a', notice: true, winner: { kind: 'value', value: 'from b' } });
  expect(await b.store.history()).toEqual([]);
  await a.store.dismissNotice(loss?.id ?? '');
  expect((await a.store.history())[0]?.notice).toBe(false);
  devices.time.advance(1_000);
  await a.store.restoreLost(loss?.id ?? '');
  await devices.settle();
  expect([title(a), title(b)]).toEqual(['from a', 'from a']);
});

test('whoever shows the history is told when something lost, and not at each edit', async () => {
  const { devices, a, b } = await open();
  await a.store.write(put('start'));
  await devices.settle();
  const known = a.store.logsVersion();
  await a.store.write(patch({ notes: 'an edit like any other' }));
  await devices.settle();
  expect(a.store.logsVersion()).toBe(known);
  await goOffline(devices, devices.a);
  devices.time.advance(1_000);
  await a.store.write(patch({ title: 'from a' }));
  devices.time.advance(1_000);
  await b.store.write(patch({ title: 'from b' }));
  await comeBack(devices, devices.a);
  const lost = a.store.logsVersion();
  expect(lost).toBeGreaterThan(known);
  await a.store.dismissNotice((await a.store.history())[0]?.id ?? '');
  expect(a.store.logsVersion()).toBeGreaterThan(lost);
});

test('edits of different fields both stay', async () => {
  const { devices, a, b } = await open();
  await a.store.write(put('start'));
  await devices.settle();
  await goOffline(devices, devices.a);
  await a.store.write(patch({ title: 'from a' }));
  devices.time.advance(1_000);
  await b.store.write(patch({ notes: 'from b' }));
  await devices.settle();
  await comeBack(devices, devices.a);
  for (const tab of [a, b]) expect(tab.store.table(tasks).get(id)?.values).toMatchObject({ title: 'from a', notes: 'from b' });
  expect(await a.store.history()).toEqual([]);
});

test('an equal value that loses is no loss', async () => {
  const { devices, a, b } = await open();
  await a.store.write(put('start'));
  await devices.settle();
  await goOffline(devices, devices.a);
  await a.store.write(patch({ title: 'same' }));
  devices.time.advance(1_000);
  await b.store.write(patch({ title: 'same' }));
  await devices.settle();
  await comeBack(devices, devices.a);
  expect(await a.store.history()).toEqual([]);
});

test('an edit of a record that was deleted elsewhere goes to the history, and restoring it brings the record back with it', async () => {
  const { devices, a, b, title } = await open();
  await a.store.write(put('start'));
  await devices.settle();
  await goOffline(devices, devices.a);
  devices.time.advance(1_000);
  await b.store.write([{ kind: 'remove', table: 'tasks', id }]);
  await devices.settle();
  devices.time.advance(1_000);
  await a.store.write(patch({ title: 'written late' }));
  await comeBack(devices, devices.a);
  expect([title(a), title(b)]).toEqual([undefined, undefined]);
  const [loss] = await a.store.history();
  expect(loss).toMatchObject({ value: 'written late', notice: true, winner: { kind: 'deletion' } });
  devices.time.advance(1_000);
  await a.store.restoreLost(loss?.id ?? '');
  await devices.settle();
  expect([title(a), title(b)]).toEqual(['written late', 'written late']);
});

test.each([
  ['ten years ahead', 315_360_000_000],
  ['ten years behind', -315_360_000_000],
])('a device whose clock is %s loses no edit, blocks nothing, and wins by no more than its turn', async (_, skewMs) => {
  const { devices, a, b, title } = await open();
  await goOffline(devices, devices.a);
  devices.a.clock.skewMs = skewMs;
  await a.store.write(put('from a wrong clock'));
  await comeBack(devices, devices.a);
  expect(title(b)).toBe('from a wrong clock');
  expect(a.sync.status().clockOffMs).toBe(skewMs);
  devices.time.advance(61_000);
  await b.store.write(patch({ title: 'later' }));
  await devices.settle();
  expect([title(a), title(b)]).toEqual(['later', 'later']);
});

test('a push whose answer is lost is sent again byte for byte and takes effect once', async () => {
  const { devices, a, b, title } = await open();
  await a.store.write(put('once'));
  while (devices.server.records().length === 0) {
    await devices.turn();
    devices.network.deliver(0);
  }
  const sent = devices.server.records()[0]?.fields;
  devices.network.drop(devices.network.count() - 1);
  await devices.turn();
  devices.a.killTab(0);
  await devices.a.openTab();
  await devices.settle();
  expect(devices.server.records()[0]?.fields).toEqual(sent ?? {});
  expect([title(b), devices.server.records()[0]?.seq]).toEqual(['once', 1]);
});

test('a refused operation is set aside with its code and blocks nothing', async () => {
  const other = '01890000-0000-7000-8000-000000000002';
  const { devices, a, b } = await open({ rejects: (op) => op.id === id });
  await a.store.write(put('refused'));
  await a.store.write([{ kind: 'put', table: 'tasks', id: other, values: { title: 'fine' } }]);
  devices.time.advance(200);
  await devices.settle();
  devices.time.advance(200);
  await devices.settle();
  expect(await a.store.quarantined()).toMatchObject([{ recordId: id, code: 'READ_ONLY' }]);
  expect(b.store.table(tasks).get(other)?.values.title).toBe('fine');
  expect(a.sync.status()).toMatchObject({ quarantined: 1, unsent: 0, state: 'synced' });
});

test('a follower tab sends through the leader, and takes over when it dies', async () => {
  const { devices, a, b, title } = await open();
  const second = await devices.a.openTab();
  second.store.table(tasks);
  await second.store.write(put('from the second tab'));
  devices.time.advance(200);
  await devices.settle();
  expect([title(b), title(a)]).toEqual(['from the second tab', 'from the second tab']);
  devices.a.killTab(0);
  await devices.settle();
  await second.store.write(patch({ title: 'alone' }));
  devices.time.advance(200);
  await devices.settle();
  expect(title(b)).toBe('alone');
});

test('a server that calls every push stale does not keep a device busy', async () => {
  let pushes = 0;
  const { devices, a } = await open({
    tamper: (server) =>
      createHostileServer(server, {
        answer(answer) {
          pushes += 1;
          return { ...answer, status: 'stale', results: [] };
        },
      }),
  });
  await a.store.write(put('x'));
  await devices.settle();
  expect(pushes).toBeLessThan(8);
  expect(a.sync.status()).toMatchObject({ state: 'failing', unsent: 1 });
});

test('a backlog of any size arrives whole, page by page', async () => {
  const { devices, a, b } = await open({ pageRecords: 25 });
  await goOffline(devices, devices.b);
  const writes = Array.from({ length: 600 }, (_, index) => ({ kind: 'put' as const, table: 'tasks', values: { title: `t${index}` } }));
  await a.store.write(writes);
  await devices.settle();
  await comeBack(devices, devices.b);
  expect([b.store.table(tasks).all().length, b.sync.status().downloadLeft, b.store.place().cursors[testSpace]]).toEqual([600, 0, 600]);
});
