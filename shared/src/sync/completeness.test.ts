import { expect, test } from 'bun:test';
import { seenStates } from '#modules/completeness/completeness.ts';
import { tasks } from '#modules/todo/todo.ts';
import { openTestStore } from '#testing/open-test-store.ts';
import { createHostileServer, type Attack } from '#testing/hostile-server.ts';
import { createTwoDevices, type TwoDevices } from '#testing/two-devices.ts';
import { Completeness, SEEN_EVERY_MS } from './completeness.ts';

const ids = ['01890000-0000-7000-8000-000000000001', '01890000-0000-7000-8000-000000000002'] as const;
const put = (id: string, title: string) => [{ kind: 'put' as const, table: 'tasks', id, values: { title } }];

/** Turns of the event loop in which a digest, made on another thread, comes back. */
const turns = 40;
/** An end for what never comes. */
const mostTurns = 5_000;

/** Lets the devices look around twice, and waits for what that brings: digests come back from another thread, some later than others. */
async function lookAround(devices: TwoDevices, isDone: () => boolean = () => true): Promise<void> {
  for (let round = 0; round < 2; round++) {
    devices.time.advance(SEEN_EVERY_MS);
    for (let turn = 0; turn < turns; turn++) await devices.settle();
    devices.time.advance(1_000);
    await devices.settle();
  }
  for (let turn = 0; turn < mostTurns && !isDone(); turn++) {
    devices.time.advance(100);
    await devices.settle();
  }
}

async function open(attack: Attack = {}) {
  const devices = await createTwoDevices({ aes: true, tamper: (server) => createHostileServer(server, attack) });
  const [a, b] = [devices.tab(devices.a), devices.tab(devices.b)];
  for (const { store } of [a, b]) await store.whenComplete(tasks);
  return { devices, a, b };
}

test('each device keeps, sealed in the space, what it has seen; devices that were shown the same agree', async () => {
  const { devices, a, b } = await open();
  await a.store.write(put(ids[0], 'one'));
  await devices.settle();
  await b.store.write(put(ids[1], 'two'));
  await devices.settle();
  await a.store.whenComplete(seenStates);
  const digests = () =>
    a.store
      .table(seenStates)
      .all()
      .filter(({ values }) => values.seq === 2);
  await lookAround(devices, () => digests().length === 2);
  const seen = a.store.table(seenStates).all();
  expect(seen.map(({ values }) => values.seq)).toEqual([2, 2]);
  expect(new Set(seen.map(({ values }) => values.digest)).size).toBe(1);
  expect(JSON.stringify(devices.server.records())).not.toContain(seen[0]?.values.digest);
  expect([a.sync.status().differs, b.sync.status().differs, devices.warnings]).toEqual([false, false, []]);
});

test('a device from which a record is kept back says so, and so does the other', async () => {
  const isKeptBack = ({ id }: { readonly id: string }): boolean => id === ids[0];
  let isLying = false;
  const { devices, a, b } = await open({
    records: (records) => (isLying ? records.filter((record) => !isKeptBack(record)) : records),
    // What is kept back leaves no hole: an empty page stands still.
    page: (page) => (isLying && page.count === 0 ? { ...page, cursor: '1-0', more: false, left: 0 } : page),
    live: (message) => (message.type === 'change' && isLying ? [{ type: 'nudge', space: message.space, seq: message.seq }] : [message]),
  });
  isLying = true;
  await a.store.write(put(ids[0], 'kept back'));
  await devices.settle();
  await a.store.write(put(ids[1], 'let through'));
  devices.time.advance(1_000);
  await devices.settle();
  expect(
    b.store
      .table(tasks)
      .all()
      .map(({ values }) => values.title),
  ).toEqual(['let through']);
  await lookAround(devices, () => a.sync.status().differs && b.sync.status().differs);
  expect([a.sync.status().differs, b.sync.status().differs]).toEqual([true, true]);
  expect(devices.warnings).toContain('SPACE_DIFFERS');
});

test('a device to which nothing new has come writes nothing new', async () => {
  const { devices, a } = await open();
  await a.store.write(put(ids[0], 'one'));
  await devices.settle();
  await lookAround(devices, () => devices.server.records().length === 3);
  const before = devices.server.records().map(({ seq }) => seq);
  expect(before).toHaveLength(3);
  await lookAround(devices);
  expect(devices.server.records().map(({ seq }) => seq)).toEqual(before);
});

test('every space is looked at; in one where a person may only read nothing is said, and a member who differs is heard all the same', async () => {
  const [family, club] = ['01890000-0000-7000-8000-0000000000fa', '01890000-0000-7000-8000-0000000000fb'];
  const { store } = await openTestStore();
  const own = { generation: 1, seq: 7, digest: 'own' };
  const warnings: string[] = [];
  let spaces = [store.homeSpace, family, club];
  const completeness = new Completeness({
    store: { ...store, pendingCount: () => 0, digestSpace: async () => own },
    warn: (code) => void warnings.push(code),
    spaces: () => spaces,
    mayWrite: (space) => space !== club,
  });
  await completeness.check();
  const saidIn = (space: string) =>
    store
      .table(seenStates, space)
      .all()
      .map(({ values }) => values.digest);
  expect(spaces.map(saidIn)).toEqual([['own'], ['own'], []]);
  expect([completeness.differs(), warnings]).toEqual([false, []]);
  await store.write([{ kind: 'put', table: 'seenStates', values: { ...own, digest: 'another' } }], { space: club });
  await completeness.check();
  expect([completeness.differs(), warnings]).toEqual([true, ['SPACE_DIFFERS']]);
  spaces = [store.homeSpace, family];
  await completeness.check();
  expect(completeness.differs()).toBe(false);
});
