import { expect, test } from 'bun:test';
import { nextStamp, ZERO_STAMP, type DeviceId } from '#base/hybrid-clock.ts';
import { tasks } from '#modules/todo/todo.ts';
import { fakeFieldSealing } from '#testing/fake-sealing.ts';
import { createTwoDevices, testSelf, testSpace, type TwoDevices } from '#testing/two-devices.ts';
import type { WireField } from '#wire/record.ts';

const id = '01890000-0000-7000-8000-000000000001';

/** What a newer app pushes: a field of a known record and a record of a table that this version does not know. */
async function pushFromNewerApp(devices: TwoDevices): Promise<void> {
  const device = 'aaaaaaaaaaaaaaaa' as DeviceId;
  const at = nextStamp(devices.time.nowMs, device, ZERO_STAMP);
  const stamp = { at, actor: testSelf, origin: 'user' as const };
  const sealed = async (table: string, field: string): Promise<WireField> => {
    const key = await devices.keyring.tableKey(testSpace, 1, table);
    if (!key) throw new Error('no key');
    const place = { space: testSpace, epoch: 1, table, id, field, ...stamp };
    return { ...stamp, epoch: 1, v: await fakeFieldSealing.sealField(key, place, { value: 'future', iv: new Uint8Array(12) }) };
  };
  const op = async (table: string, field: string) => ({
    op: `01890000-0000-7000-8000-00000000000${table.length}`,
    space: testSpace,
    table,
    id,
    fields: { [field]: await sealed(table, field) },
  });
  devices.server.push({ device, n: 1, generation: 1, ops: [await op('tasks', 'mood'), await op('futures', 'title')] });
  await devices.settle();
}

test('tables and fields of a newer app are kept, not shown, and come back with a restoration', async () => {
  const devices = await createTwoDevices();
  const [a, b] = [devices.tab(devices.a), devices.tab(devices.b)];
  await b.store.whenComplete(tasks);
  await a.store.write([{ kind: 'put', table: 'tasks', id, values: { title: 'known' } }]);
  await devices.settle();
  devices.time.advance(1_000);
  await pushFromNewerApp(devices);
  expect(Object.keys(b.store.table(tasks).get(id)?.values ?? {})).not.toContain('mood');
  devices.time.advance(1_000);
  await b.store.write([{ kind: 'remove', table: 'tasks', id }]);
  await b.store.write([{ kind: 'restore', table: 'tasks', id }]);
  devices.time.advance(1_000);
  await devices.settle();
  const task = devices.server.records().find((record) => record.table === 'tasks');
  expect(task?.fields['mood']?.at).toBe(task?.fields['title']?.at ?? ZERO_STAMP);
  const kept = await b.store.waiting(10);
  expect([kept.ok && kept.value.length, devices.warnings]).toEqual([0, []]);
});
