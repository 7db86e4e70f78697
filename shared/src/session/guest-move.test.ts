import { expect, test } from 'bun:test';
import type { Result } from '#base/result.ts';
import { kontextDoc } from '#modules/kontext/kontext.ts';
import { notes } from '#modules/notes/notes.ts';
import { singletonId } from '#modules/singleton-id.ts';
import type { Storage } from '#store/storage.ts';
import { createAccountServer } from '#testing/account-server.ts';
import { guestHasMoved } from '#testing/rosa.ts';
import { createSessionDevice } from '#testing/session-device.ts';
import type { SessionPlatform } from './platform.ts';
import type { Session } from './session.ts';

const email = 'rosa@example.org';
const password = 'correct horse battery staple';
const count = 450; // three pages of the move
const never = new Promise<never>(() => undefined);

/** A process that dies at its n-th step outside of memory: nothing after it happens, and nothing before it is taken back. */
function createMortal(diesAt: number) {
  let step = 0;
  let die = (): void => undefined;
  const death = new Promise<'dead'>((resolve) => (die = () => resolve('dead')));
  const live = <Value>(work: () => Promise<Value>): Promise<Value> => {
    step += 1;
    if (step < diesAt) return work();
    die();
    return never;
  };
  const mortalStorage = (storage: Storage): Storage => ({
    transaction: (mode, tables, work) =>
      mode === 'read' ? storage.transaction(mode, tables, work) : live(() => storage.transaction(mode, tables, work)),
    close: () => storage.close(),
  });
  const wrap = (platform: SessionPlatform): SessionPlatform => ({
    ...platform,
    vault: { read: () => platform.vault.read(), update: (change) => live(() => platform.vault.update(change)) },
    exclusive: (_name, work) => work(),
    async openStorage(name) {
      const opened: Result<Storage, 'DATABASE_NEWER' | 'DATABASE_UNAVAILABLE'> = await platform.openStorage(name);
      return opened.ok ? { ok: true, value: mortalStorage(opened.value) } : opened;
    },
    deleteStorage: (name) => live(() => platform.deleteStorage(name)),
  });
  return { wrap, death, live, steps: () => step };
}

async function enter(session: Session): Promise<void> {
  await session.start();
  const state = session.state();
  if (state.kind === 'open' && state.account) return;
  const made = await session.signUp({ email, password });
  if (!made.ok) expect(await session.signIn({ email, password })).toEqual({ ok: true, value: undefined });
}

/** Signs a guest up in a process that dies at the given step, starts again, and tells what the account holds. False when it did not die. */
async function runOnce(diesAt: number): Promise<boolean> {
  const browser = (await createAccountServer()).browser();
  let wrap = (platform: SessionPlatform): SessionPlatform => platform;
  const device = createSessionDevice(browser, (platform) => wrap(platform));
  const guest = device.openTab();
  await guest.start();
  await guest.startGuest();
  const state = guest.state();
  if (state.kind !== 'open') throw new Error('A guest opens without asking');
  const writes = Array.from({ length: count }, (_, index) => ({
    kind: 'put' as const,
    table: 'notes',
    values: { title: `note ${index}`, body: '' },
  }));
  expect((await state.store.write(writes)).ok).toBe(true);
  const contextId = singletonId('kontextDoc', state.store.homeSpace);
  const context = (content: string) => state.store.write([{ kind: 'patch', table: 'kontextDoc', id: contextId, values: { content } }]);
  await context('first words');
  const change = await context('second words');
  await state.store.keepDraft('quick-add', 'half a line');
  await state.store.whenComplete(notes);
  const ids = new Set(
    state.store
      .table(notes)
      .all()
      .map(({ id }) => id),
  );
  await state.store.close();

  const mortal = createMortal(diesAt);
  wrap = mortal.wrap;
  const dying = device.openTab();
  const finished = dying
    .start()
    .then(() => dying.signUp({ email, password }))
    .then(() => guestHasMoved(device));
  const outcome = await Promise.race([mortal.death, finished.then(() => 'finished' as const)]);

  wrap = (platform) => platform;
  const again = device.openTab();
  await enter(again);
  await guestHasMoved(device);
  const after = again.state();
  if (after.kind !== 'open') throw new Error('The account opens without asking');
  await after.store.whenComplete(notes);
  const records = after.store.table(notes).all();
  expect(records.length).toBe(count);
  expect(records.every(({ id, stamps }) => ids.has(id) && stamps['title']?.actor === after.store.self)).toBe(true);
  expect(await after.store.draft('quick-add')).toBe('half a line');
  await after.store.whenComplete(kontextDoc);
  const content = () => after.store.table(kontextDoc).get(singletonId('kontextDoc', after.store.homeSpace))?.values.content;
  expect(content()).toBe('second words');
  expect(change.ok && (await after.store.undo(change.value.id)).ok).toBe(true);
  expect(content()).toBe('first words');
  expect(await after.store.history()).toEqual([]);
  expect(device.databases.has('mana-guest')).toBe(false);
  return outcome === 'dead';
}

test('a guest who signs up loses and doubles nothing, at whatever step the process dies', async () => {
  let died = 0;
  while (await runOnce(died + 1)) died += 1;
  expect(died).toBeGreaterThan(5);
}, 120_000);
