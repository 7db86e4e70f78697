import { describe, expect, test } from 'bun:test';
import { createAccountServer } from '#testing/account-server.ts';
import { addNote, email, openStoreOf, password, signedUp, slow, titles } from '#testing/rosa.ts';
import { paths } from '#wire/endpoints.ts';
import type { Session } from './session.ts';

const clara = { email: 'clara@example.org', password: 'vier ganz andere wörter hier' };

const idOf = (session: Session): string => openStoreOf(session).self.slice(5);
const seats = async (session: Session) =>
  (await session.accounts.list()).map(({ account, isOpen, isShown }) => [account.email, isOpen, isShown]);

/** Rosa and then Clara, signed in on one device; Clara is shown. */
async function both() {
  const server = await createAccountServer();
  const { browser, device, session } = await signedUp(server);
  await addNote(session, 'of Rosa');
  const rosa = idOf(session);
  expect(await session.signUp(clara)).toEqual({ ok: true, value: undefined });
  await addNote(session, 'of Clara');
  return { server, browser, device, session, rosa, clara: idOf(session) };
}

describe('several accounts on one device', () => {
  test(
    'are shown one at a time and switched without a password, in every tab; each has its own database and acts in its own name',
    async () => {
      const { device, session, rosa, clara: second } = await both();
      const tab = device.openTab();
      await tab.start();
      expect(await titles(tab)).toEqual(['of Clara']);
      await session.accounts.switchTo(rosa);
      expect(await titles(session)).toEqual(['of Rosa']);
      await tab.locks.lockIfDue();
      expect(await titles(tab)).toEqual(['of Rosa']);
      expect(await seats(session)).toEqual([
        [email, true, true],
        [clara.email, true, false],
      ]);
      expect([...device.databases.keys()].toSorted()).toEqual([`mana-${rosa}`, `mana-${second}`].toSorted());
      expect(device.synced.map(({ account }) => account)).toEqual([rosa, second, second, rosa, rosa]);
    },
    slow,
  );

  test(
    'lock one by one or all at once; one that is locked asks for its own password',
    async () => {
      const { session, rosa } = await both();
      await session.lock();
      expect(session.state()).toMatchObject({ kind: 'locked', account: { email: clara.email } });
      await session.accounts.switchTo(rosa);
      expect(await titles(session)).toEqual(['of Rosa']);
      await session.accounts.lockAll();
      expect(session.state()).toMatchObject({ kind: 'locked', account: { email } });
      expect(await session.unlock(clara.password)).toEqual({ ok: false, error: 'INVALID_CREDENTIALS' });
      expect(await session.unlock(password)).toEqual({ ok: true, value: undefined });
      expect(await seats(session)).toEqual([
        [email, true, true],
        [clara.email, false, false],
      ]);
    },
    slow,
  );

  test(
    'sign out one by one: the others stay, and no stranger can be switched to',
    async () => {
      const { server, session, rosa, clara: second } = await both();
      await session.signOut();
      expect(await titles(session), 'the other one is shown').toEqual(['of Rosa']);
      expect([...server.sessions.values()]).toEqual([rosa]);
      await session.accounts.switchTo(second);
      expect(idOf(session), 'who signed out must sign in').toBe(rosa);
      expect(await session.signIn(clara)).toEqual({ ok: true, value: undefined });
      expect(await titles(session)).toEqual(['of Clara']);
      await session.signOut();
      await session.signOut();
      expect(session.state().kind).toBe('none');
      expect(server.sessions.size).toBe(0);
    },
    slow,
  );
});

describe('signing out without a network', () => {
  test(
    'closes the account here at once, and ends its session at the server when there is one again, in its own name',
    async () => {
      const { server, browser, device, session, rosa, clara: second } = await both();
      browser.offline = true;
      await session.signOut({ forget: true });
      expect(await titles(session)).toEqual(['of Rosa']);
      expect(device.databases.has(`mana-${second}`)).toBeFalse();
      expect([...server.sessions.values()].toSorted()).toEqual([rosa, second].toSorted());
      const later = device.openTab();
      await later.start();
      browser.offline = false;
      await later.refresh();
      expect([...server.sessions.values()]).toEqual([rosa]);
      expect((await device.vault.read()).endings).toEqual([]);
      const logouts = browser.sent.filter((request) => request.includes(paths.logout)).length;
      await later.refresh();
      expect(browser.sent.filter((request) => request.includes(paths.logout)).length, 'once').toBe(logouts);
    },
    slow,
  );

  test(
    'ends nothing any more when the account has signed in again meanwhile',
    async () => {
      const { server, browser, device, session, clara: second } = await both();
      browser.offline = true;
      await session.signOut();
      browser.offline = false;
      expect(await session.signIn(clara)).toEqual({ ok: true, value: undefined });
      await session.refresh();
      expect([...server.sessions.values()]).toContain(second);
      expect((await device.vault.read()).endings).toEqual([]);
    },
    slow,
  );
});
