import { describe, expect, test } from 'bun:test';
import { systemRandom as random } from '#base/random.ts';
import { createAccountServer } from '#testing/account-server.ts';
import { addNote, email, openStoreOf, password, signedUp, slow, titles } from '#testing/rosa.ts';
import { createSessionDevice } from '#testing/session-device.ts';
import { newPairingKeyPair } from './pairing-payload.ts';

describe('an extension', () => {
  test(
    'is connected by the app, renews its token once for all who ask, and unlocks by password',
    async () => {
      const server = await createAccountServer();
      const app = await signedUp(server);
      const browser = server.browser();
      const device = createSessionDevice(browser);
      const popup = device.openTab('extension');
      const { publicB64, privateB64 } = await newPairingKeyPair(random);
      const sealed = await app.session.pairExtension(publicB64);
      if (!sealed.ok) throw new Error(sealed.error);
      const strange = await newPairingKeyPair(random);
      expect(await popup.acceptPairing({ ...sealed.value, privateB64: strange.privateB64 })).toBe('NOT_SEALED_FOR_US');
      expect(await popup.acceptPairing({ ...sealed.value, privateB64 })).toBe('ACCEPTED');
      expect(popup.state()).toMatchObject({ kind: 'open', account: { email } });
      const worker = device.openTab('extension');
      await worker.start();
      await worker.refresh();
      const tokens = device.synced.flatMap((parts) => (parts.tokens ? [parts.tokens] : []));
      const asked = await Promise.all([...tokens, ...tokens, ...tokens].map((held) => held.get()));
      expect(asked.every(({ ok }) => ok)).toBe(true);
      expect(browser.sent.filter((line) => line.includes('/token')).length).toBe(1 + tokens.length);
      expect(await popup.pairExtension('not a key')).toEqual({ ok: false, error: 'VALIDATION' });
      await popup.lock();
      expect(await popup.unlock(password)).toEqual({ ok: true, value: undefined });
      await popup.signOut();
      expect(await worker.unlock(password)).toEqual({ ok: false, error: 'UNAUTHORIZED' });
    },
    slow,
  );

  test(
    'whose session was ended keeps its notes and is told so',
    async () => {
      const server = await createAccountServer();
      const app = await signedUp(server);
      const device = createSessionDevice(server.browser());
      const popup = device.openTab('extension');
      const { publicB64, privateB64 } = await newPairingKeyPair(random);
      const sealed = await app.session.pairExtension(publicB64);
      if (!sealed.ok) throw new Error(sealed.error);
      await popup.acceptPairing({ ...sealed.value, privateB64 });
      await addNote(popup, 'kept');
      const id = openStoreOf(popup).self.slice(5);
      await device.vault.update((state) => ({ ...state, accounts: { [id]: { ...state.accounts[id], refreshToken: null } as never } }));
      expect(await device.synced.at(-1)?.tokens?.get()).toEqual({ ok: false, error: 'UNAUTHORIZED' });
      expect(await titles(popup)).toEqual(['kept']);
    },
    slow,
  );
});
