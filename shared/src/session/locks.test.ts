import { describe, expect, test } from 'bun:test';
import { createAccountServer } from '#testing/account-server.ts';
import { createFakeClock, createFakeTime } from '#testing/fake-clock.ts';
import { addNote, email, openStoreOf, password, slow, titles } from '#testing/rosa.ts';
import { createSessionDevice } from '#testing/session-device.ts';
import { createTabMemory } from './tab-memory.ts';

const minuteMs = 60_000;
const pin = '402837';

/** Rosa, signed up on a device whose clock the test holds. */
async function rosaOnADevice() {
  const time = createFakeTime();
  const clock = createFakeClock(time);
  const browser = (await createAccountServer()).browser();
  const device = createSessionDevice(browser, (same) => same, clock);
  const session = device.openTab();
  await session.start();
  expect(await session.signUp({ email, password })).toEqual({ ok: true, value: undefined });
  await addNote(session, 'mine');
  const another = async () => {
    const tab = device.openTab();
    await tab.start();
    return tab;
  };
  return { clock, time, browser, device, session, another };
}

const copyOnDisk = async (device: ReturnType<typeof createSessionDevice>) =>
  Object.values((await device.vault.read()).accounts)[0]?.openCopy;

describe('a lock after a while', () => {
  test(
    'closes every tab when nobody did anything for as long as was chosen, also while no tab was open, and when the clock was set back',
    async () => {
      const { clock, time, session, another, device } = await rosaOnADevice();
      const second = await another();
      await session.locks.choose({ kind: 'after', minutes: 5 });
      time.advance(5 * minuteMs - 1);
      expect(await session.locks.lockIfDue()).toBe(false);
      await second.locks.noteUse(clock.nowMs());
      time.advance(5 * minuteMs - 1);
      expect(await session.locks.lockIfDue(), 'the other tab was in use').toBe(false);
      expect(await titles(session)).toEqual(['mine']);
      time.advance(1);
      expect(await session.locks.lockIfDue()).toBe(true);
      expect(session.state().kind).toBe('locked');
      await Promise.all([second.lock(), session.lock()]);
      expect(second.state().kind).toBe('locked');
      expect(await copyOnDisk(device)).toBeNull();

      expect(await session.unlock(password)).toEqual({ ok: true, value: undefined });
      expect((await another()).state().kind).toBe('open');
      time.advance(5 * minuteMs);
      expect((await another()).state().kind, 'it was due before this tab opened').toBe('locked');

      expect(await session.unlock(password)).toEqual({ ok: true, value: undefined });
      clock.skewMs = -60 * minuteMs;
      expect((await another()).state().kind, 'nobody knows how long it was').toBe('locked');
    },
    slow,
  );
});

describe('a lock on closing', () => {
  test(
    'keeps what opens the account in the memory of the tabs: never on the disk, shared while one is open, gone with the last',
    async () => {
      const { device, session, another } = await rosaOnADevice();
      expect(await copyOnDisk(device)).not.toBeNull();
      await session.locks.choose({ kind: 'close' });
      expect(await copyOnDisk(device)).toBeNull();
      expect(session.state().kind).toBe('open');
      const second = await another();
      expect(await titles(second)).toEqual(['mine']);
      await second.newRecoveryCode();
      device.closeAll();
      const later = await another();
      expect(later.state().kind).toBe('locked');
      expect(await later.unlock(password)).toEqual({ ok: true, value: undefined });
      expect(await copyOnDisk(device)).toBeNull();
      expect((await another()).state().kind).toBe('open');
      await later.locks.choose({ kind: 'stay' });
      expect(await copyOnDisk(device)).not.toBeNull();
    },
    slow,
  );

  test('a new page gets the copies of one that is open, and none when there is none', async () => {
    const channels = [0, 1, 2].map(() => new BroadcastChannel('tab-memory-test'));
    const [first, second, third] = channels.map((channel) => createTabMemory(channel));
    const copy = { version: 1 as const, iv: new Uint8Array([1]), ciphertext: new Uint8Array([2]) };
    await first?.write({ rosa: copy });
    expect(await second?.read()).toEqual({ rosa: copy });
    const told = new Promise((resolve) => channels[0]?.addEventListener('message', resolve, { once: true }));
    await second?.write({});
    await told;
    expect(await third?.read()).toEqual({});
    for (const channel of channels) channel.close();
  });
});

describe('a PIN', () => {
  test(
    'opens a locked account without a network, is no password, and a password is no PIN',
    async () => {
      const { browser, session, clock } = await rosaOnADevice();
      expect(await session.locks.setPin(pin)).toEqual({ ok: true, value: undefined });
      browser.offline = true;
      await session.lock();
      expect(await session.unlock(pin)).toEqual({ ok: false, error: 'INVALID_CREDENTIALS' });
      expect(await session.locks.unlockByPin('402838')).toEqual({ ok: false, error: { triesLeft: 4 } });
      expect(await session.locks.unlockByPin(pin)).toEqual({ ok: true, value: undefined });
      expect(await titles(session)).toEqual(['mine']);
      expect(await session.locks.view()).toEqual({ choice: { kind: 'stay' }, usedAtMs: clock.nowMs(), pinTriesLeft: 5 });
    },
    slow,
  );

  test(
    'is gone after five wrong tries, made in turn or at once, in however many tabs; the password still opens',
    async () => {
      const { session, another, device } = await rosaOnADevice();
      await session.locks.setPin(pin);
      await session.lock();
      const second = await another();
      const tries = await Promise.all([session, second, session, second].map((tab) => tab.locks.unlockByPin('111112')));
      expect(tries.map((tried) => !tried.ok && tried.error.triesLeft).toSorted()).toEqual([1, 2, 3, 4]);
      expect(await session.locks.unlockByPin('111112')).toEqual({ ok: false, error: { triesLeft: 0 } });
      expect(await session.locks.unlockByPin(pin), 'the right one comes too late').toEqual({ ok: false, error: { triesLeft: 0 } });
      expect(Object.values((await device.vault.read()).accounts)[0]?.pin).toBeUndefined();
      expect(await session.unlock(password)).toEqual({ ok: true, value: undefined });
      expect(await titles(session)).toEqual(['mine']);
    },
    slow,
  );

  test(
    'is refused when it is too short, no number, or what everybody tries first; it goes with signing out',
    async () => {
      const { session, device } = await rosaOnADevice();
      for (const short of ['12345', '', '1234567890123', 'abcdef', '12 456']) {
        expect(await session.locks.setPin(short)).toEqual({ ok: false, error: 'LENGTH' });
      }
      for (const obvious of ['111111', '123456', '987654']) {
        expect(await session.locks.setPin(obvious)).toEqual({ ok: false, error: 'OBVIOUS' });
      }
      await session.locks.setPin(pin);
      await session.signOut();
      expect(Object.values((await device.vault.read()).accounts)[0]?.pin).toBeUndefined();
    },
    slow,
  );
});

describe('whoever holds something half-typed', () => {
  test(
    'is asked to keep it before the vault closes, also when another tab locks it',
    async () => {
      const { session, another } = await rosaOnADevice();
      const second = await another();
      const store = openStoreOf(second);
      second.beforeClosing(async () => void (await store.keepDraft('line', 'half a thou')));
      await session.lock();
      while (second.state().kind !== 'locked') await new Promise(setImmediate);
      expect(await session.unlock(password)).toEqual({ ok: true, value: undefined });
      expect(await openStoreOf(session).draft('line')).toBe('half a thou');
    },
    slow,
  );
});
