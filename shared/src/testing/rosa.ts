import { expect } from 'bun:test';
import { notes } from '#modules/notes/notes.ts';
import type { Session } from '#session/session.ts';
import type { Store } from '#store/store.ts';
import type { AccountServer } from './account-server.ts';
import { createSessionDevice, type SessionDevice } from './session-device.ts';

export const email = 'rosa@example.org';
export const password = 'correct horse battery staple';
export const slow = 30_000; // ms; Argon2id runs once for each sign-up and sign-in

export function openStoreOf(session: Session): Store {
  const state = session.state();
  if (state.kind !== 'open') throw new Error(`The session is ${state.kind}`);
  return state.store;
}

export async function titles(session: Session): Promise<string[]> {
  const store = openStoreOf(session);
  await store.whenComplete(notes);
  return store
    .table(notes)
    .all()
    .map(({ values }) => values.title)
    .toSorted();
}

export const addNote = (session: Session, title: string) =>
  openStoreOf(session).write([{ kind: 'put', table: 'notes', values: { title, body: title } }]);

/** Resolves when no guest's records are on their way; looks once a turn of the event loop. */
export async function guestHasMoved(device: SessionDevice): Promise<void> {
  while (Object.keys((await device.vault.read()).moves).length > 0) await new Promise(setImmediate);
}

/** Rosa, signed up on a device of her own. */
export async function signedUp(server: AccountServer, input = { email, password }) {
  const browser = server.browser();
  const device = createSessionDevice(browser);
  const session = device.openTab();
  await session.start();
  expect(await session.signUp(input)).toEqual({ ok: true, value: undefined });
  return { browser, device, session };
}
