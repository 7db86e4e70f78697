import { err, ok, type Result } from '#base/result.ts';
import { wipe } from '#crypto/primitives.ts';
import { openOffline, sealOffline, type OfflinePlace } from '#crypto/wraps.ts';
import { currentEntry, followDevice } from './device-acts.ts';
import type { DeviceState, VaultEntry } from './device-vault.ts';
import { withDueLocked } from './lock-due.ts';
import { MAX_PIN_DIGITS, MAX_PIN_TRIES, MIN_PIN_DIGITS, type LockChoice, type LockView, type PinRefusal } from './locks.ts';
import type { SessionCore } from './session-core.ts';
import { openAccount } from './show-device.ts';
import { sealOpenCopy, withOpened } from './signed-in-entries.ts';
import { readOpenCopy, withEntry } from './vault-entries.ts';

/** How the account that is at home locks here. */
export async function viewLocks(core: SessionCore): Promise<LockView | null> {
  const { current, accounts, usedAtMs = 0 } = await core.parts.platform.vault.read();
  const entry = current?.kind === 'account' ? accounts[current.id] : undefined;
  return entry ? { choice: entry.locking ?? { kind: 'stay' }, usedAtMs, pinTriesLeft: entry.pin?.triesLeft ?? 0 } : null;
}

/** Changes the entry of the open account. */
async function changeOpen(core: SessionCore, change: (entry: VaultEntry) => VaultEntry): Promise<void> {
  const opened = core.openedAccount();
  const nowMs = core.parts.clock.nowMs();
  if (opened) await core.parts.platform.vault.update((state) => ({ ...withEntry(state, opened.accountId, change), usedAtMs: nowMs }));
}

/** Chooses when the open account locks here. */
export const chooseLock = (core: SessionCore, choice: LockChoice): Promise<void> =>
  changeOpen(core, (entry) => ({ ...entry, locking: choice }));

/** Takes the PIN away. */
export const removePin = (core: SessionCore): Promise<void> => changeOpen(core, ({ pin: _, ...entry }) => entry);

/** Digits that go up or down one by one, or are all the same: what is tried first. */
function isObvious(pin: string): boolean {
  const steps = new Set([...pin].slice(1).map((digit, index) => Number(digit) - Number(pin[index])));
  return steps.size === 1 && [0, 1, -1].includes([...steps][0] ?? 0);
}

const pinPlace = (device: DeviceState, account: string, pin: string): OfflinePlace => ({
  account,
  password: pin,
  deviceMacKey: device.keys.mac,
  isPin: true,
});

/** Lets a PIN open the open account here. */
export async function setPin(core: SessionCore, pin: string): Promise<Result<void, PinRefusal>> {
  if (!new RegExp(`^\\d{${MIN_PIN_DIGITS},${MAX_PIN_DIGITS}}$`).test(pin)) return err('LENGTH');
  if (isObvious(pin)) return err('OBVIOUS');
  const { platform, random } = core.parts;
  const opened = core.openedAccount();
  const device = await platform.vault.read();
  const accountKey = opened && (await readOpenCopy(device, opened.accountId));
  if (!opened || !accountKey) return err('CLOSED');
  const wrap = await sealOffline(pinPlace(device, opened.accountId, pin), accountKey, random);
  wipe(accountKey);
  await changeOpen(core, (entry) => ({ ...entry, pin: { wrap, triesLeft: MAX_PIN_TRIES } }));
  return ok(undefined);
}

/** One try less, before it is made: whoever stops the app in between has spent it. */
const withTrySpent = (state: DeviceState, id: string): DeviceState =>
  withEntry(state, id, ({ pin, ...entry }) =>
    pin && pin.triesLeft > 0 ? { ...entry, pin: { ...pin, triesLeft: pin.triesLeft - 1 } } : entry,
  );

/** Opens the locked account by its PIN. */
export async function unlockByPin(core: SessionCore, pin: string): Promise<Result<void, { readonly triesLeft: number }>> {
  const { vault, line } = core.parts.platform;
  const entry = await currentEntry(core);
  if (!entry || core.opened()) return core.opened() ? ok(undefined) : err({ triesLeft: 0 });
  const { account } = entry;
  const spent = await vault.update((state) => withTrySpent(state, account.id));
  const lock = entry.pin && spent.accounts[account.id]?.pin;
  if (!lock) return err({ triesLeft: 0 });
  const accountKey = await openOffline(pinPlace(spent, account.id, pin), lock.wrap);
  if (!accountKey.ok) {
    if (lock.triesLeft === 0) await vault.update((state) => withEntry(state, account.id, ({ pin: _, ...held }) => held));
    return err({ triesLeft: lock.triesLeft });
  }
  const openCopy = await sealOpenCopy(core.parts, spent, { owner: account.id, accountKey: accountKey.value });
  await vault.update((state) => withOpened(state, account.id, { openCopy, nowMs: core.parts.clock.nowMs() }));
  line.post();
  const opened = await openAccount(core, account, accountKey.value);
  return opened.ok ? opened : err({ triesLeft: MAX_PIN_TRIES });
}

/** Keeps when somebody was at work last, where an account waits for it. */
export async function noteUse(core: SessionCore, atMs: number): Promise<void> {
  const { vault } = core.parts.platform;
  await vault.update((state) => ({ ...state, usedAtMs: Math.max(state.usedAtMs ?? 0, atMs) }));
}

/** Locks every account that nobody used for long enough; true when the open one was among them. */
export async function lockIfDue(core: SessionCore): Promise<boolean> {
  const { vault, line } = core.parts.platform;
  const nowMs = core.parts.clock.nowMs();
  const before = await vault.read();
  if (withDueLocked(before, nowMs) === before) return false;
  await vault.update((state) => withDueLocked(state, nowMs));
  line.post();
  const wasOpen = core.openedAccount() !== undefined;
  await followDevice(core);
  return wasOpen && core.opened() === undefined;
}
