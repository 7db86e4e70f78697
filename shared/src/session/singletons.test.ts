import { expect, test } from 'bun:test';
import { singletonId } from '#modules/singleton-id.ts';
import { userContext } from '#modules/profile/profile.ts';
import { paths } from '#wire/endpoints.ts';
import { createAccountServer, type Browser } from '#testing/account-server.ts';
import { createSessionDevice } from '#testing/session-device.ts';
import { email, guestHasMoved, openStoreOf, password, signedUp, slow } from '#testing/rosa.ts';

const asked = ({ sent }: Browser): number => sent.filter((request) => request.startsWith(`POST ${paths.bootstrapSingletons}`)).length;
const selfOf = (self: string): string => self.slice('user:'.length);

test(
  'each start of an account asks once for its singletons before sync begins, and a guest never does',
  async () => {
    const browser = (await createAccountServer()).browser();
    const device = createSessionDevice(browser);
    const session = device.openTab();
    await session.start();
    await session.startGuest();
    expect(asked(browser)).toBe(0);
    await session.signUp({ email, password });
    await device.synced[0]?.ready;
    expect(asked(browser)).toBe(1);
    await device.openTab().start();
    await device.synced[1]?.ready;
    expect([asked(browser), device.warnings]).toEqual([2, []]);
  },
  slow,
);

test(
  'a failure is one warning, holds nothing up, and the next start asks again',
  async () => {
    const { browser, device } = await signedUp(await createAccountServer());
    await device.synced[0]?.ready;
    browser.offline = true;
    const offline = device.openTab();
    await offline.start();
    await device.synced[1]?.ready;
    expect([offline.state().kind, device.warnings]).toEqual(['open', ['SINGLETONS_NOT_MADE']]);
    browser.offline = false;
    await device.openTab().start();
    await device.synced[2]?.ready;
    expect([asked(browser), device.warnings.length]).toEqual([2, 1]);
  },
  slow,
);

test(
  'what a guest wrote about themselves, their line and their way back come along into the account',
  async () => {
    const device = createSessionDevice((await createAccountServer()).browser());
    const session = device.openTab();
    await session.start();
    await session.startGuest();
    const guest = openStoreOf(session);
    const guestId = singletonId('userContext', selfOf(guest.self));
    await guest.write([{ kind: 'patch', table: 'userContext', id: guestId, values: { about: 'I bind books.' } }]);
    const change = await guest.write([{ kind: 'patch', table: 'userContext', id: guestId, values: { about: 'I bind old books.' } }]);
    await guest.keepDraft('quick-add', 'half a line');
    expect(await session.signUp({ email, password })).toEqual({ ok: true, value: undefined });
    await guestHasMoved(device);
    const store = openStoreOf(session);
    const about = (): string | undefined => store.table(userContext).get(singletonId('userContext', selfOf(store.self)))?.values.about;
    await store.whenComplete(userContext);
    expect([about(), await store.draft('quick-add')]).toEqual(['I bind old books.', 'half a line']);
    expect(change.ok && (await store.undo(change.value.id)).ok).toBe(true);
    expect(about()).toBe('I bind books.');
  },
  slow,
);
