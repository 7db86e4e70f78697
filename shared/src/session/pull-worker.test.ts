import 'fake-indexeddb/auto';
import { expect, test } from 'bun:test';
import { nextStamp, ZERO_STAMP, type DeviceId } from '#base/hybrid-clock.ts';
import { newId } from '#base/ids.ts';
import { systemClock } from '#base/clock.ts';
import { systemRandom } from '#base/random.ts';
import { sealField } from '#crypto/envelope.ts';
import { createKeyring } from '#crypto/keyring.ts';
import { allTableSchemas } from '#modules/all-modules.ts';
import { tasks } from '#modules/todo/todo.ts';
import { openDexieStorage } from '#store/dexie-storage.ts';
import { openStore } from '#store/open-store.ts';
import type { WireField, WireRecord } from '#wire/record.ts';
import type { PullAnswer } from '#wire/sync.ts';
import type { FromPullWorker, ToPullWorker } from './pull-messages.ts';
import { runPullWorker } from './pull-worker.ts';

const space = '0199a000-0000-7000-8000-000000000002';
const self = 'user:0199a000-0000-7000-8000-000000000001';
const database = 'mana-pull-worker-test';
const count = 30;

const keyring = await createKeyring({ accountKey: systemRandom.bytes(32), spaceKeys: [{ space, epoch: 1, key: systemRandom.bytes(32) }] });

async function sealedTask(seq: number): Promise<WireRecord> {
  const [id, at] = [newId({ clock: systemClock, random: systemRandom }), nextStamp(1, '00000000000000f1' as DeviceId, ZERO_STAMP)];
  const key = await keyring.tableKey(space, 1, 'tasks');
  if (!key) throw new Error('There is no key');
  const place = { space, epoch: 1, table: 'tasks', id, field: 'title', at, actor: self, origin: 'user' };
  const v = await sealField(key, place, { value: `task ${seq}`, iv: systemRandom.bytes(12) });
  const title: WireField = { v, at, actor: self, origin: 'user', epoch: 1 };
  return { id, space, table: 'tasks', seq, fields: { title } };
}

/** A worker of this thread, behind a server that answers each pull as told. */
function openWorker(answer: () => Response | Promise<Response>) {
  let listener: (event: MessageEvent<ToPullWorker>) => void = () => undefined;
  const heard: FromPullWorker[] = [];
  let hear: (message: FromPullWorker) => void = () => undefined;
  const scope = {
    postMessage(message: FromPullWorker) {
      heard.push(message);
      hear(message);
    },
    addEventListener: (_: 'message', added: typeof listener) => void (listener = added),
  };
  runPullWorker(scope, async () => answer());
  const tell = (data: ToPullWorker): void => listener({ data } as MessageEvent<ToPullWorker>);
  const keys = keyring.share();
  if (keys) tell({ kind: 'open', work: { baseUrl: '', database, self, homeSpace: space, keys } });
  return {
    heard,
    pull: () =>
      new Promise<Extract<FromPullWorker, { kind: 'pulled' }>['page']>((resolve) => {
        hear = (message) => message.kind === 'pulled' && resolve(message.page);
        tell({ kind: 'pull', space });
      }),
  };
}

test('a worker reads a page into the database, and a page that opens it later shows what it brought', async () => {
  const records = await Promise.all(Array.from({ length: count }, (_, index) => sealedTask(index + 1)));
  const page: PullAnswer = { records, cursor: `1-${count}`, more: false, count, left: 0, now: 1_795_000_000_000, generation: 1 };
  const worker = openWorker(() => Response.json(page));
  const pulled = await worker.pull();
  expect(pulled).toMatchObject({ ok: true, value: { left: 0, count, place: { cursors: { [space]: count } } } });
  const storage = await openDexieStorage(database);
  if (!storage.ok) throw new Error(storage.error);
  const deps = { storage: storage.value, keyring, clock: systemClock, random: systemRandom, self, homeSpace: space };
  const store = await openStore({ ...deps, tables: allTableSchemas });
  if (!store.ok) throw new Error(store.error.code);
  await store.value.whenComplete(tasks);
  expect(store.value.table(tasks).all()).toHaveLength(count);
  await store.value.close();
});

test('an answer that is no page is told as what it is', async () => {
  const worker = openWorker(() => Response.json({ records: 'none' }));
  expect(await worker.pull()).toEqual({ ok: false, error: { code: 'MALFORMED_ANSWER' } });
});
