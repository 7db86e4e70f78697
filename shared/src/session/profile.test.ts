import { expect, test } from 'bun:test';
import { createAccountServer } from '#testing/account-server.ts';
import { createSessionDevice } from '#testing/session-device.ts';
import { email, password, signedUp, slow } from '#testing/rosa.ts';
import type { Session } from './session.ts';

const accountOf = (session: Session) => {
  const state = session.state();
  return state.kind === 'open' ? state.account : undefined;
};
const photo = 'data:image/webp;base64,AAAA';

test(
  'a change of the profile is shown at once, waits without a network, and reaches the server at the next contact',
  async () => {
    const server = await createAccountServer();
    const { browser, device, session } = await signedUp(server);
    expect(accountOf(session)).toMatchObject({ photo: null, onboarded: false });
    browser.offline = true;
    expect(await session.changeProfile({ name: 'Rosa' })).toEqual({ ok: true, value: 'WAITING' });
    expect(await session.changeProfile({ photo })).toEqual({ ok: true, value: 'WAITING' });
    await session.finishOnboarding();
    expect(accountOf(session)).toMatchObject({ name: 'Rosa', photo, onboarded: true });
    const again = device.openTab();
    await again.start();
    expect(accountOf(again)).toMatchObject({ name: 'Rosa', photo, onboarded: true });
    browser.offline = false;
    await again.refresh();
    expect(server.accounts.get(accountOf(session)?.id ?? '')?.account).toMatchObject({ name: 'Rosa', profile: { photo } });
    expect(server.accounts.get(accountOf(session)?.id ?? '')?.account.profile?.onboardedAt).not.toBeNull();
    expect((await device.vault.read()).accounts[accountOf(session)?.id ?? '']?.waiting).toBeUndefined();
    const sent = browser.sent.length;
    await again.refresh();
    expect(browser.sent.slice(sent).map((line) => line.split(' ')[0])).toEqual(['GET']);
  },
  slow,
);

test(
  'what the server refuses for good is not kept, and shows what it has',
  async () => {
    const { browser, session, device } = await signedUp(await createAccountServer());
    browser.failing = 'VALIDATION';
    expect(await session.changeProfile({ name: 'Refused' })).toEqual({ ok: false, error: 'VALIDATION' });
    browser.failing = undefined;
    await session.refresh();
    expect(accountOf(session)?.name).toBe(email);
    expect(Object.values((await device.vault.read()).accounts)[0]?.waiting).toBeUndefined();
  },
  slow,
);

test(
  'what waits survives signing out and in again',
  async () => {
    const server = await createAccountServer();
    const { browser, session } = await signedUp(server);
    browser.offline = true;
    await session.changeProfile({ name: 'Rosa' });
    await session.signOut();
    browser.offline = false;
    await session.signIn({ email, password });
    expect(accountOf(session)?.name).toBe('Rosa');
    await session.refresh();
    expect([...server.accounts.values()][0]?.account.name).toBe('Rosa');
  },
  slow,
);

test(
  'a guest’s name and finished screens come along into the account',
  async () => {
    const server = await createAccountServer();
    const session = createSessionDevice(server.browser()).openTab();
    await session.start();
    await session.startGuest();
    expect(session.state()).toMatchObject({ account: null, guest: { name: '', onboarded: false } });
    await session.changeProfile({ name: 'Rosa' });
    await session.finishOnboarding();
    expect(session.state()).toMatchObject({ guest: { name: 'Rosa', onboarded: true } });
    await session.signUp({ email, password });
    expect(accountOf(session)).toMatchObject({ name: 'Rosa', onboarded: true });
    await session.refresh();
    expect([...server.accounts.values()][0]?.account).toMatchObject({ name: 'Rosa', profile: { onboardedAt: '2026-01-01T00:00:00.000Z' } });
  },
  slow,
);

test(
  'an account whose status nobody knows is not asked the first screens',
  async () => {
    const server = await createAccountServer();
    const { session } = await signedUp(server);
    for (const kept of server.accounts.values()) {
      const { profile: _, ...older } = kept.account;
      kept.account = older;
    }
    await session.refresh();
    expect(accountOf(session)?.onboarded).toBe(true);
  },
  slow,
);
