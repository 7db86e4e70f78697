import { expect, test } from 'bun:test';
import { tasks } from '#modules/todo/todo.ts';
import { createHostileServer, type Attack } from '#testing/hostile-server.ts';
import { createTwoDevices, testSpace, type TwoDevices } from '#testing/two-devices.ts';
import type { OutboxStore } from '#store/outbox-store.ts';

const count = 12;
/** Longer than edits wait for company, in milliseconds. */
const gatherMs = 200;
const idOf = (number: number): string => `01890000-0000-7000-8000-${String(number).padStart(12, '0')}`;
const titles = (store: OutboxStore): string[] =>
  store
    .table(tasks)
    .all()
    .map(({ values }) => values.title)
    .toSorted();
const all = Array.from({ length: count }, (_, index) => `task ${String(index).padStart(2, '0')}`);

/** A device that begins behind a server which holds `count` tasks, one record a page. */
async function begin(attack: Attack = {}): Promise<{ devices: TwoDevices; store: OutboxStore }> {
  const devices = await createTwoDevices({ pageRecords: 1, tamper: (server) => createHostileServer(server, attack) });
  devices.b.online = false;
  const { store } = devices.tab(devices.a);
  store.table(tasks);
  await store.write(all.map((title, index) => ({ kind: 'put', table: 'tasks', id: idOf(index), values: { title } })));
  await devices.settle();
  const disk = devices.b.copyDisk();
  for (const rows of Object.values(disk.tables)) rows.clear();
  devices.b.replaceDisk(disk);
  devices.b.online = true;
  const tab = await devices.b.openTab();
  tab.store.table(tasks);
  return { devices, store: tab.store };
}

/** Delivers until a number of messages has arrived. */
async function deliver(devices: TwoDevices, messages: number): Promise<void> {
  for (let left = messages; left > 0 && devices.network.count() > 0; left -= 1) {
    devices.network.deliver(0);
    await devices.turn();
  }
}

const until = async (devices: TwoDevices, holds: () => boolean): Promise<number> => {
  await devices.turn();
  for (let messages = 0; messages < 200; messages += 1) {
    if (holds()) return messages;
    await deliver(devices, 1);
  }
  throw new Error('It never came');
};

test('the newest of an open table are there long before the download is at its end, and can be written', async () => {
  const { devices, store } = await begin();
  await until(devices, () => titles(store).includes('task 11'));
  const early = store.place().cursors[testSpace] ?? 0;
  expect(early).toBeLessThan(3);
  expect(titles(store)).toEqual(all);
  await store.write([{ kind: 'patch', table: 'tasks', id: idOf(11), values: { title: 'written early' } }]);
  devices.time.advance(gatherMs);
  await until(devices, () => store.pendingCount() === 0);
  expect(store.place().cursors[testSpace] ?? 0).toBeLessThan(count);
  await devices.settle();
  expect(titles(store)).toEqual([...all.slice(0, 11), 'written early'].toSorted());
  expect(titles(devices.tab(devices.a).store)).toEqual(titles(store));
});

test('a head start moves no cursor, and everything comes again by it', async () => {
  const { devices, store } = await begin();
  await devices.settle();
  expect([store.place().cursors[testSpace], devices.tab(devices.b).sync.status().downloadLeft]).toEqual([count, 0]);
  expect([titles(store), devices.warnings]).toEqual([all, []]);
});

test('no conflict is told of what comes by a first download', async () => {
  const { devices, store } = await begin();
  await until(devices, () => titles(store).includes('task 11'));
  await devices.settle();
  expect(await store.history()).toEqual([]);
});

test('a head start that names a record beyond the end of the download is reported, and the record is offered to the server', async () => {
  const attack: Attack = {
    newest: (answer) => ({ ...answer, records: answer.records.map((each, index) => (index === 0 ? { ...each, seq: 900 } : each)) }),
  };
  const { devices, store } = await begin(attack);
  await devices.settle();
  expect(devices.warnings).toEqual(['HEAD_START_WITHHELD']);
  devices.time.advance(gatherMs);
  await devices.settle();
  expect([titles(store), store.pendingCount()]).toEqual([all, 0]);
});

const malformed: readonly [string, NonNullable<Attack['newest']>][] = [
  ['records of another table', (answer) => ({ ...answer, records: answer.records.map((each) => ({ ...each, table: 'notes' })) })],
  ['records in another order', (answer) => ({ ...answer, records: answer.records.toReversed() })],
  ['the same record twice', (answer) => ({ ...answer, records: answer.records.flatMap((each) => [each, each]) })],
];
for (const [name, newest] of malformed) {
  test(`a head start with ${name} is refused and reported, and the download goes on`, async () => {
    const { devices, store } = await begin({ newest });
    await devices.settle();
    expect(devices.warnings).toEqual(['HEAD_START_IS_MALFORMED']);
    expect(titles(store)).toEqual(all);
  });
}

test('a head start of another generation is left alone', async () => {
  const { devices, store } = await begin({ newest: (answer) => ({ ...answer, generation: 77 }) });
  await devices.settle();
  expect([devices.warnings, titles(store)]).toEqual([[], all]);
});

test('a first download stops when the person says so, and goes on where it stopped', async () => {
  const { devices, store } = await begin();
  const { sync } = devices.tab(devices.b);
  await until(devices, () => sync.status().downloadDone >= 3);
  sync.pauseDownload(true);
  await devices.settle();
  const { downloadLeft, downloadPaused } = sync.status();
  const stopped = store.place().cursors[testSpace] ?? 0;
  expect([downloadPaused, downloadLeft > 0, stopped < count]).toEqual([true, true, true]);
  await store.write([{ kind: 'put', table: 'tasks', id: idOf(90), values: { title: 'while it rests' } }]);
  devices.time.advance(gatherMs);
  await devices.settle();
  expect(store.pendingCount()).toBe(0);
  sync.pauseDownload(false);
  await devices.settle();
  expect(titles(store)).toEqual([...all, 'while it rests']);
  expect(sync.status()).toMatchObject({ downloadLeft: 0, downloadDone: 0, downloadPaused: false });
});
