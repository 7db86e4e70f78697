import { expect, test } from 'bun:test';
import type { Stamp } from '#base/hybrid-clock.ts';
import { notes } from '#modules/notes/notes.ts';
import { tasks } from '#modules/todo/todo.ts';
import { createHostileServer, withField, type Attack } from '#testing/hostile-server.ts';
import { createTwoDevices, testSpace, type TwoDevices } from '#testing/two-devices.ts';
import type { WireRecord } from '#wire/record.ts';

const first = '01890000-0000-7000-8000-000000000001';
const second = '01890000-0000-7000-8000-000000000002';
const foreignSpace = '01890000-0000-7000-8000-0000000000ff';
const titles = (devices: TwoDevices): unknown[] =>
  devices
    .tab(devices.b)
    .store.table(tasks)
    .all()
    .map((record) => record.values.title)
    .toSorted();

/** Device A writes two tasks; B, which knows version one of them, gets version two from a liar. Real AES throughout. */
async function attacked(attack: Attack): Promise<TwoDevices> {
  const armed: Attack = {};
  const devices = await createTwoDevices({ aes: true, tamper: (server) => createHostileServer(server, armed) });
  const { store } = devices.tab(devices.a);
  devices.tab(devices.b).store.table(tasks);
  await store.write([
    { kind: 'put', table: 'tasks', id: first, values: { title: 'one', notes: 'n1' } },
    { kind: 'put', table: 'tasks', id: second, values: { title: 'two', notes: 'n2' } },
  ]);
  await devices.settle();
  expect(titles(devices)).toEqual(['one', 'two']);
  Object.assign(armed, attack);
  devices.time.advance(1_000);
  await store.write([
    { kind: 'patch', table: 'tasks', id: first, values: { title: 'one!', notes: 'n1!' } },
    { kind: 'patch', table: 'tasks', id: second, values: { title: 'two!', notes: 'n2!' } },
  ]);
  await devices.settle();
  return devices;
}

/** The lie is reported by its code, and B shows what it knew before. */
async function isRefused(attack: Attack, code: string): Promise<void> {
  const devices = await attacked(attack);
  expect(devices.warnings).toContain(code);
  expect(titles(devices)).toEqual(['one', 'two']);
}

const swapped = (records: readonly WireRecord[], name: string): WireRecord[] => {
  const [one, two] = records.map((record) => record.fields[name]?.v);
  return withField(name, (field, record) => ({ ...field, v: (record === records[0] ? two : one) ?? field.v }))(records);
};

test('the honest server shows the new values and reports nothing', async () => {
  const devices = await attacked({});
  expect(titles(devices)).toEqual(['one!', 'two!']);
  expect(devices.warnings).toEqual([]);
});

test('two ciphertexts swapped between fields are refused and reported', () =>
  isRefused(
    { records: withField('title', (field, record) => ({ ...field, v: record.fields['notes']?.v ?? null })) },
    'FIELD_DOES_NOT_OPEN',
  ));

test('two ciphertexts swapped between records are refused and reported', () =>
  isRefused({ records: (records) => swapped(records, 'title') }, 'FIELD_DOES_NOT_OPEN'));

test('a ciphertext moved to another table is refused and reported', async () => {
  const devices = await attacked({
    records: (records) => records.map((record) => ({ ...record, table: 'notes', fields: { title: record.fields['title'] } }) as WireRecord),
  });
  expect(devices.warnings).toContain('FIELD_DOES_NOT_OPEN');
  const view = devices.tab(devices.b).store.table(notes);
  await devices.settle();
  expect(view.all()).toEqual([]);
});

test('a record of another space is refused and reported', () =>
  isRefused({ records: (records) => records.map((record) => ({ ...record, space: foreignSpace })) }, 'RECORD_OF_OTHER_SPACE'));

test('an old ciphertext under a new stamp is refused and reported', () => {
  let old: WireRecord[] = [];
  return isRefused(
    {
      records(records) {
        if (old.length === 0) old = [...records];
        return withField('title', (field) => ({ ...field, at: `2033-05-18T00:00:59.000Z-0000-${field.at.slice(30)}` as Stamp }))(records);
      },
    },
    'FIELD_DOES_NOT_OPEN',
  );
});

test('an old value replayed whole changes nothing', async () => {
  const kept = new Map<string, WireRecord>();
  const armed: Attack = { records: (records) => records.map((record) => kept.get(record.id) ?? (kept.set(record.id, record), record)) };
  const devices = await createTwoDevices({ aes: true, tamper: (server) => createHostileServer(server, armed) });
  const [a, b] = [devices.tab(devices.a).store, devices.tab(devices.b).store];
  b.table(tasks);
  await a.write([{ kind: 'put', table: 'tasks', id: first, values: { title: 'one' } }]);
  await devices.settle();
  devices.time.advance(1_000);
  await b.write([{ kind: 'patch', table: 'tasks', id: first, values: { title: 'one!' } }]);
  await devices.settle();
  const done = devices.tab(devices.b).sync.syncNow();
  await devices.settle();
  await done;
  expect(titles(devices)).toEqual(['one!']);
});

test('plaintext in an encrypted field is refused and reported', () =>
  isRefused({ records: withField('title', (field) => ({ ...field, v: 'forged' })) }, 'FIELD_IS_PLAINTEXT'));

test('an encrypted field emptied to null is refused and reported', () =>
  isRefused({ records: withField('title', (field) => ({ ...field, v: null })) }, 'FIELD_IS_PLAINTEXT'));

test('a stamp moved in time is refused and reported', () =>
  isRefused({ records: withField('title', (field) => ({ ...field, at: `2034${field.at.slice(4)}` as Stamp })) }, 'FIELD_DOES_NOT_OPEN'));

test('a value under another author is refused and reported', () =>
  isRefused(
    { records: withField('title', (field) => ({ ...field, actor: 'user:01890000-0000-7000-8000-0000000000ee' })) },
    'FIELD_DOES_NOT_OPEN',
  ));

test('a value under another origin is refused and reported', () =>
  isRefused({ records: withField('title', (field) => ({ ...field, origin: 'system' })) }, 'FIELD_DOES_NOT_OPEN'));

test('a value under another epoch is refused and reported', () =>
  isRefused({ records: withField('title', (field) => ({ ...field, epoch: 2 })) }, 'KEY_IS_UNKNOWN'));

test('a page that lost records on the way is refused, reported and asked for again', async () => {
  const attack: Attack = {};
  const devices = await createTwoDevices({ aes: true, tamper: (server) => createHostileServer(server, attack) });
  devices.tab(devices.b).store.table(tasks);
  devices.b.online = false;
  await devices.tab(devices.a).store.write([{ kind: 'put', table: 'tasks', id: first, values: { title: 'one' } }]);
  await devices.settle();
  attack.page = (page) => ({ ...page, records: page.records.slice(1) });
  devices.b.online = true;
  devices.b.wake();
  await devices.settle();
  expect(devices.warnings).toContain('PAGE_IS_CUT');
  expect(devices.tab(devices.b).store.place().cursors[testSpace] ?? 0).toBe(0);
  expect(devices.tab(devices.b).sync.status().state).toBe('outdated');
  delete attack.page;
  devices.time.advance(61_000);
  await devices.settle();
  expect(titles(devices)).toEqual(['one']);
});

test('a verdict against an edit without a proof sets the edit aside and loses nothing', async () => {
  const attack: Attack = {
    answer: (answer) => ({ ...answer, results: answer.results.map((result) => ({ ...result, status: 'superseded' as const })) }),
  };
  const devices = await createTwoDevices({ aes: true, tamper: (server) => createHostileServer(server, attack) });
  const { store } = devices.tab(devices.a);
  store.table(tasks);
  await store.write([{ kind: 'put', table: 'tasks', id: first, values: { title: 'mine' } }]);
  await devices.settle();
  const [refused] = await store.quarantined();
  expect(refused?.code).toBe('VERDICT_WITHOUT_PROOF');
  delete attack.answer;
  await store.resolveQuarantined(refused?.id ?? '', 'retry');
  await devices.settle();
  devices.time.advance(200);
  await devices.settle();
  expect(store.pendingCount()).toBe(0);
  expect(devices.server.records()).toHaveLength(1);
});
