import { expect, test } from 'bun:test';
import { ZERO_STAMP } from '#base/hybrid-clock.ts';
import { profileTables } from '#modules/profile/tables.ts';
import { userContext } from '#modules/profile/profile.ts';
import { singletonId } from '#modules/singleton-id.ts';
import { openTestStore, storeSelf, storeSpace } from '#testing/open-test-store.ts';
import { createTwoDevices, testSelf, testSpace } from '#testing/two-devices.ts';
import type { OutboxStore } from './outbox-store.ts';

const accountOf = (self: string): string => self.slice('user:'.length);
const ownId = singletonId('userContext', accountOf(storeSelf));
const patch = (id: string, values: Record<string, string>) => [{ kind: 'patch' as const, table: 'userContext', id, values }];
const valuesOf = (store: OutboxStore, id: string) => store.table(userContext).get(id)?.values;

async function openProfileStore(seed = 1): Promise<OutboxStore> {
  const { store } = await openTestStore({ seed });
  await store.whenComplete(userContext);
  return store;
}

/** What the server writes in the transaction of sign-up. */
const bootstrapped = (id: string, space: string) => ({
  space,
  records: [
    {
      id,
      space,
      table: 'userContext',
      seq: 1,
      fields: {
        createdAt: { v: '2026-11-25T08:00:00.000Z', at: ZERO_STAMP, actor: 'system:bootstrap', origin: 'system' as const, epoch: 0 },
      },
    },
  ],
  open: async () => ({ ok: false as const, error: 'UNUSED' }),
});

test('the declared owner decides the id: two creators make the same record, other tables and owners another', () => {
  expect(singletonId('userContext', 'a')).toBe(singletonId('userContext', 'a'));
  expect(new Set([singletonId('userContext', 'a'), singletonId('userContext', 'b'), singletonId('kontextDoc', 'a')]).size).toBe(3);
  expect(profileTables.userContext.singleton).toBe('account');
});

test('a singleton is written before anything of it has arrived, and only the named fields are an edit', async () => {
  const store = await openProfileStore();
  expect(valuesOf(store, ownId)).toBeUndefined();
  expect((await store.write(patch(ownId, { about: 'I bind books.' }))).ok).toBe(true);
  const shown = store.table(userContext).get(ownId);
  expect(shown?.values).toEqual({ callName: '', about: 'I bind books.', current: '', answers: '', avoid: '' });
  expect(Object.keys(shown?.stamps ?? {})).toEqual(['about']);
});

test('what the server made is no sample content and is shown only when something is written into it', async () => {
  const store = await openProfileStore();
  await store.applyRemote(bootstrapped(ownId, storeSpace));
  await store.dropUntouchedSeeds();
  expect(store.table(userContext).all()).toEqual([]);
  await store.write(patch(ownId, { callName: 'Rosa' }));
  expect(store.table(userContext).get(ownId)).toMatchObject({
    createdAt: '2026-11-25T08:00:00.000Z',
    seed: false,
    values: { callName: 'Rosa' },
  });
});

test('writing the default into an empty singleton makes no edit; undoing the first edit brings the default back', async () => {
  const store = await openProfileStore();
  await store.write(patch(ownId, { about: '' }));
  expect(store.pendingCount()).toBe(0);
  const change = await store.write(patch(ownId, { about: 'one' }));
  if (change.ok) await store.undo(change.value.id);
  expect(valuesOf(store, ownId)?.about).toBe('');
});

test('a singleton cannot be removed', async () => {
  const store = await openProfileStore();
  await store.write(patch(ownId, { about: 'one' }));
  const removed = await store.write([{ kind: 'remove', table: 'userContext', id: ownId }]);
  expect(removed).toEqual({ ok: false, error: { code: 'INVALID_VALUE', path: 'userContext' } });
});

test('a fresh device that edits one field before its first download resets nothing that was written elsewhere', async () => {
  const devices = await createTwoDevices();
  const [a, b] = [devices.tab(devices.a).store, devices.tab(devices.b).store];
  const id = singletonId('userContext', accountOf(testSelf));
  for (const store of [a, b]) await store.whenComplete(userContext);
  devices.b.online = false;
  await a.write(patch(id, { about: 'from a', answers: 'short' }));
  await devices.settle();
  await b.write(patch(id, { avoid: 'from b' }));
  devices.b.online = true;
  devices.b.wake();
  await devices.settle();
  for (const store of [a, b]) expect(valuesOf(store, id)).toMatchObject({ about: 'from a', answers: 'short', avoid: 'from b' });
  expect([...(await a.history()), ...(await b.history())]).toEqual([]);
  expect(testSpace).toBe(a.homeSpace);
});

/** A guest's store that says something about the person. */
async function guestProfile(values: Record<string, string>) {
  const store = await openProfileStore(7);
  await store.write(patch(ownId, values));
  return store.table(userContext).all();
}

test('what a guest wrote about themselves fills what the account leaves empty', async () => {
  const records = await guestProfile({ about: 'as a guest', avoid: 'sugar' });
  const store = await openProfileStore(8);
  await store.applyRemote(bootstrapped(ownId, storeSpace));
  await store.takeOver(records);
  await store.takeOver(records);
  expect(valuesOf(store, ownId)).toMatchObject({ about: 'as a guest', avoid: 'sugar' });
  expect(store.pendingCount()).toBe(1);
});

test("where the account says something else already, the guest's text goes to the history with a notice", async () => {
  const records = await guestProfile({ about: 'as a guest' });
  const store = await openProfileStore(8);
  await store.write(patch(ownId, { about: 'as a member' }));
  await store.takeOver(records);
  expect(valuesOf(store, ownId)?.about).toBe('as a member');
  expect(await store.history()).toMatchObject([{ value: 'as a guest', notice: true, winner: { kind: 'value', value: 'as a member' } }]);
});

test('where the account turns out to say something else, it wins at the server whatever the clocks, and the text of the guest is kept', async () => {
  const records = await guestProfile({ about: 'as a guest' });
  const devices = await createTwoDevices();
  const [a, b] = [devices.tab(devices.a).store, devices.tab(devices.b).store];
  const id = singletonId('userContext', accountOf(testSelf));
  for (const store of [a, b]) await store.whenComplete(userContext);
  devices.b.online = false;
  await a.write(patch(id, { about: 'curated for years' }));
  await devices.settle();
  devices.time.advance(60_000);
  await b.takeOver(records);
  expect(valuesOf(b, id)?.about).toBe('as a guest');
  devices.b.online = true;
  devices.b.wake();
  await devices.settle();
  for (const store of [a, b]) expect(valuesOf(store, id)?.about).toBe('curated for years');
  expect(await b.history()).toMatchObject([{ value: 'as a guest', notice: true }]);
  expect(await a.history()).toEqual([]);
});
