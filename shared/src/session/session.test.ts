import { describe, expect, test } from 'bun:test';
import { bytesToB64, bytesToB64Url, bytesToHex } from '#base/bytes.ts';
import { systemRandom as random } from '#base/random.ts';
import { openField, sealField, type FieldPlace } from '#crypto/envelope.ts';
import { makeRecoveryCode, recoverySecret } from '#crypto/recovery-code.ts';
import { openWrap } from '#crypto/wraps.ts';
import { notes } from '#modules/notes/notes.ts';
import { createAccountServer } from '#testing/account-server.ts';
import { createSessionDevice } from '#testing/session-device.ts';
import { newPairingKeyPair } from './pairing-payload.ts';
import { readOpenCopy } from './vault-entries.ts';
import { addNote, email, guestHasMoved, openStoreOf, password, signedUp, slow, titles } from '#testing/rosa.ts';

const other = { email: 'clara@example.org', password: 'vier ganz andere wörter hier' };

describe('a guest', () => {
  test('writes and starts again without any request', async () => {
    const browser = (await createAccountServer()).browser();
    const device = createSessionDevice(browser);
    const first = device.openTab();
    await first.start();
    expect(first.state().kind).toBe('none');
    await first.startGuest();
    await addNote(first, 'before');
    const again = device.openTab();
    await again.start();
    expect(again.state()).toMatchObject({ kind: 'open', account: null });
    expect(await titles(again)).toEqual(['before']);
    await again.lock();
    expect(again.state().kind).toBe('open');
    expect(browser.sent).toEqual([]);
  });

  test(
    'who signs up finds everything in the account, as written by the account, and nothing is left of the guest',
    async () => {
      const browser = (await createAccountServer()).browser();
      const device = createSessionDevice(browser);
      const session = device.openTab();
      await session.start();
      await session.startGuest();
      const store = openStoreOf(session);
      await store.seed([
        { id: '0199a000-0000-8000-8000-000000000001', table: 'notes', values: { title: 'sample', body: '', tags: [], pinned: false } },
      ]);
      await addNote(session, 'mine');
      expect(await titles(session)).toEqual(['mine', 'sample']);
      const before = store
        .table(notes)
        .all()
        .find(({ values }) => values.title === 'mine');
      expect(await session.signUp({ email, password, name: 'Rosa' })).toEqual({ ok: true, value: undefined });
      await guestHasMoved(device);
      expect(session.state()).toMatchObject({ kind: 'open', account: { email, name: 'Rosa', hasRecoveryCode: false } });
      expect(await titles(session)).toEqual(['mine']);
      const after = openStoreOf(session).table(notes).all()[0];
      expect(after?.id).toBe(before?.id as string);
      expect(after?.stamps['title']).toEqual({ ...before?.stamps['title'], actor: openStoreOf(session).self } as never);
      expect(after?.pending).toBe(true);
      expect(session.migration()).toBeNull();
      expect([...device.databases.keys()]).toEqual([`mana-${openStoreOf(session).self.slice(5)}`]);
      expect((await device.vault.read()).guest).toBeNull();
    },
    slow,
  );
});

describe('an account', () => {
  test(
    'opens on a second device by its password, and both hold the same keys',
    async () => {
      const server = await createAccountServer();
      const first = await signedUp(server);
      const second = createSessionDevice(server.browser());
      const session = second.openTab();
      await session.start();
      expect(await session.signIn({ email, password })).toEqual({ ok: true, value: undefined });
      const [a, b] = [first.device.synced[0], second.synced[0]];
      const space = a?.store.homeSpace ?? '';
      expect(b?.store.homeSpace).toBe(space);
      const place: FieldPlace = { space, epoch: 1, table: 'notes', id: 'x', field: 'title', at: 'now', actor: 'me', origin: 'user' };
      const [keyA, keyB] = [await a?.keyring.tableKey(space, 1, 'notes'), await b?.keyring.tableKey(space, 1, 'notes')];
      if (!keyA || !keyB) throw new Error('Both devices hold the key');
      const envelope = await sealField(keyA, place, { value: 'hello', iv: random.bytes(12) });
      expect(await openField(keyB, place, envelope)).toEqual({ ok: true, value: 'hello' });
    },
    slow,
  );

  test(
    'does not open by a wrong password, an unknown address looks alike, and each attempt is closed',
    async () => {
      const server = await createAccountServer();
      const { device, browser } = await signedUp(server);
      const session = createSessionDevice(server.browser()).openTab();
      await session.start();
      const wrong = { ok: false, error: 'INVALID_CREDENTIALS' } as const;
      expect(await session.signIn({ email, password: `${password}!` })).toEqual(wrong);
      expect(await session.signIn({ email: 'nobody@example.org', password })).toEqual(wrong);
      expect(server.abandoned.length).toBe(2);
      expect(session.state().kind).toBe('none');
      expect(device.synced.length).toBe(1);
      browser.failing = 'SERVICE_UNAVAILABLE';
      const failing = device.openTab();
      expect(await failing.signIn({ email, password })).toEqual({ ok: false, error: 'SERVICE_UNAVAILABLE' });
      browser.offline = true;
      expect(await failing.signIn({ email, password })).toEqual({ ok: false, error: 'SERVICE_UNAVAILABLE' });
    },
    slow,
  );

  test('is not made with a weak password, a malformed address or a mistyped recovery code, and nothing is sent', async () => {
    const browser = (await createAccountServer()).browser();
    const session = createSessionDevice(browser).openTab();
    expect(await session.signUp({ email, password: 'password12345678' })).toEqual({ ok: false, error: 'WEAK_PASSWORD' });
    expect(await session.signUp({ email: 'rosa', password })).toEqual({ ok: false, error: 'VALIDATION' });
    expect(await session.signUp({ email, password, recoveryCode: ['abandon'] })).toEqual({ ok: false, error: 'VALIDATION' });
    expect(browser.sent).toEqual([]);
  });

  test(
    'opens again without a network, and reads its session when there is one',
    async () => {
      const { browser, device, session } = await signedUp(await createAccountServer());
      await addNote(session, 'readable');
      browser.offline = true;
      const offline = device.openTab();
      await offline.start();
      expect(await titles(offline)).toEqual(['readable']);
      browser.offline = false;
      const online = device.openTab();
      await online.start();
      await online.refresh();
      expect(browser.sent.at(-1)).toBe('GET /api/v1/auth/session ');
      expect(online.state().kind).toBe('open');
    },
    slow,
  );

  test(
    'locks in every tab at once, leaves no way to its keys, and opens again by the password without a network',
    async () => {
      const { browser, device, session } = await signedUp(await createAccountServer());
      await addNote(session, 'secret');
      const tab = device.openTab();
      await tab.start();
      const id = openStoreOf(tab).self.slice(5);
      await session.lock();
      await tab.start();
      expect([session.state().kind, tab.state().kind]).toEqual(['locked', 'locked']);
      expect(await readOpenCopy(await device.vault.read(), id)).toBeUndefined();
      for (const { keyring, store } of device.synced) {
        expect(await keyring.tableKey(store.homeSpace, 1, 'notes')).toBeUndefined();
        expect(keyring.localKey('notes')).rejects.toThrow('forgotten');
      }
      browser.offline = true;
      expect(await session.unlock('wrong')).toEqual({ ok: false, error: 'INVALID_CREDENTIALS' });
      expect(session.state().kind).toBe('locked');
      expect(await session.unlock(password)).toEqual({ ok: true, value: undefined });
      expect(await titles(session)).toEqual(['secret']);
      await tab.start();
      expect(await titles(tab)).toEqual(['secret']);
    },
    slow,
  );

  test(
    'that signed out is seen by nobody who signs in on the same device, and finds its own again',
    async () => {
      const server = await createAccountServer();
      const { device, session } = await signedUp(server);
      const tab = device.openTab();
      await tab.start();
      await addNote(session, 'first');
      await session.signOut();
      expect([session.state().kind, server.sessions.size]).toEqual(['none', 0]);
      expect(await session.unlock(password)).toEqual({ ok: false, error: 'UNAUTHORIZED' });
      expect(await session.signUp(other)).toEqual({ ok: true, value: undefined });
      expect(await titles(session)).toEqual([]);
      await tab.start();
      expect(tab.state()).toMatchObject({ kind: 'open', account: { email: other.email } });
      await session.signOut({ forget: true });
      expect(await session.signIn({ email, password })).toEqual({ ok: true, value: undefined });
      expect(await titles(session)).toEqual(['first']);
      expect(device.databases.size).toBe(1);
      expect(Object.keys((await device.vault.read()).accounts).length).toBe(1);
    },
    slow,
  );

  test(
    'gets a recovery code only when it was typed again, and the code opens the account key',
    async () => {
      const server = await createAccountServer();
      const { device, session } = await signedUp(server);
      const words = await session.newRecoveryCode();
      expect(await session.confirmRecoveryCode(makeRecoveryCode(random))).toEqual({ ok: false, error: 'VALIDATION' });
      expect(await session.confirmRecoveryCode(words.map((word) => ` ${word.toUpperCase()}`))).toEqual({ ok: true, value: undefined });
      expect(session.state()).toMatchObject({ account: { hasRecoveryCode: true } });
      const account = [...server.accounts.values()][0]?.account;
      const wrap = account?.wraps.find(({ kind }) => kind === 'recovery');
      const secret = recoverySecret(words);
      if (!account || !wrap || !secret) throw new Error('The server holds the wrap');
      const opened = await openWrap({ kind: 'recovery', account: account.id, secret }, wrap);
      expect(opened).toEqual({ ok: true, value: (await readOpenCopy(await device.vault.read(), account.id)) as never });
      await session.lock();
      expect(await session.confirmRecoveryCode(words)).toEqual({ ok: false, error: 'VALIDATION' });
    },
    slow,
  );

  test(
    'sends no password, key or word of the recovery code',
    async () => {
      const server = await createAccountServer();
      const browser = server.browser();
      const device = createSessionDevice(browser);
      const session = device.openTab();
      const recoveryCode = await session.newRecoveryCode();
      await session.signUp({ email, password, recoveryCode });
      await session.lock();
      await session.unlock(password);
      await session.confirmRecoveryCode(recoveryCode);
      await session.pairExtension((await newPairingKeyPair(random)).publicB64);
      const state = await device.vault.read();
      const accountKey = await readOpenCopy(state, openStoreOf(session).self.slice(5));
      const secret = recoverySecret(recoveryCode);
      if (!accountKey || !secret) throw new Error('The vault is open');
      const everything = browser.sent.join('\n');
      for (const key of [accountKey, secret]) {
        for (const text of [bytesToB64(key), bytesToB64Url(key), bytesToHex(key)]) expect(everything).not.toContain(text);
      }
      expect(everything).not.toContain(password);
      expect(everything).not.toContain(recoveryCode.slice(0, 3).join(' '));
    },
    slow,
  );
});
