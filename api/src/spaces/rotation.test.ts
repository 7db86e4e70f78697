import { tasks } from '@mana/shared/modules/todo/todo';
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { createSharingDevice, type SharingDevice } from '../testing/sharing-device.ts';
import { createTestApp, type TestApp } from '../testing/test-app.ts';

const slowMs = 120_000; // Argon2id and real keys on a busy machine

let app: TestApp;
let rosa: SharingDevice;
beforeAll(async () => {
  app = await createTestApp();
  rosa = await createSharingDevice(app, 'Rosa');
}, slowMs);
afterAll(() => app.close());

const home = (): string => rosa.store().homeSpace;
const addTask = async (title: string) => {
  expect((await rosa.store().write([{ kind: 'put', table: 'tasks', values: { title } }])).ok).toBeTrue();
  await rosa.sync().syncNow();
};

/** Exchanges until everything is sealed anew. */
async function untilResealed(): Promise<void> {
  for (let round = 0; round < 20; round++) {
    await rosa.catchUp();
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  expect(rosa.sync().status()).toMatchObject({ state: 'synced', unsent: 0, resealing: null });
}

async function sealedEpochs(): Promise<number[]> {
  const rows = await app.database.asOwner(
    `select distinct (value ->> 'epoch')::int as epoch from sync.records r, json_each(r.fields) where r.space_id = '${home()}' and value ->> 'v' like 'enc:1:%' order by 1`,
  );
  return rows.map(({ epoch }) => Number(epoch));
}

test(
  'a new key of the personal space takes over what was written and what comes',
  async () => {
    await addTask('before');
    expect(await sealedEpochs()).toEqual([1]);
    expect(await rosa.session.spaces.rotate(home())).toEqual({ ok: true, value: undefined });
    await addTask('after');
    await untilResealed();
    expect(await sealedEpochs()).toEqual([2]);
    await rosa.store().whenComplete(tasks);
    const shown = rosa.store().table(tasks).all();
    expect(shown.map(({ values }) => values.title)).toEqual(expect.arrayContaining(['before', 'after']));
    expect([await rosa.store().history(), await rosa.store().quarantined()]).toEqual([[], []]);
  },
  slowMs,
);

test(
  'a server that was restored from before the new key is told of it again, and nothing is set aside',
  async () => {
    await app.database.asOwner(`
    delete from sync.space_keys where space_id = '${home()}' and epoch > 1;
    update sync.spaces set epoch = 1 where id = '${home()}'`);
    await addTask('on the restored server');
    await untilResealed();
    expect(await rosa.store().quarantined()).toEqual([]);
    expect(rosa.store().pendingCount()).toBe(0);
    const [row] = await app.database.asOwner(
      `select s.epoch, (select count(*)::int from sync.space_keys k where k.space_id = s.id) as keys from sync.spaces s where id = '${home()}'`,
    );
    expect(row).toMatchObject({ epoch: 2, keys: 2 });
    expect(await sealedEpochs()).toEqual([2]);
  },
  slowMs,
);

test(
  'until the key is known again, what is sealed under it waits and everything else goes on',
  async () => {
    await app.database.asOwner(`update sync.spaces set epoch = 1 where id = '${home()}'`);
    const space = await rosa.session.spaces.make({ type: 'family', name: 'Familie' });
    if (!space.ok) throw new Error(space.error);
    await rosa.store().write([{ kind: 'put', table: 'tasks', values: { title: 'waits' } }]);
    await rosa.store().write([{ kind: 'put', table: 'tasks', values: { title: 'goes' } }], { space: space.value });
    for (let round = 0; round < 5; round++) await rosa.sync().syncNow();
    const rows = await app.database.asOwner(
      `select count(*)::int as count from sync.records where space_id = '${space.value}' and table_name = 'tasks'`,
    );
    expect(rows).toEqual([{ count: 1 }]);
    expect(await rosa.store().quarantined()).toEqual([]);
  },
  slowMs,
);
