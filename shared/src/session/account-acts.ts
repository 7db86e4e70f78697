import { err, ok, type Result } from '#base/result.ts';
import { openOffline } from '#crypto/wraps.ts';
import type { FailureCode } from '#wire/failures.ts';
import { currentEntry } from './device-acts.ts';
import type { DeviceState, WaitingProfile } from './device-vault.ts';
import { refreshAccount } from './refresh-account.ts';
import type { SessionCore } from './session-core.ts';
import { openAccount } from './show-device.ts';
import { login, register, type SignedInKeys, type SignInInput, type SignUpInput } from './sign-in.ts';
import { makeEntry, sealOpenCopy, withOpened, withSignedIn } from './signed-in-entries.ts';
import { withChange } from './waiting-profile.ts';

type Done = Promise<Result<void, FailureCode>>;

/** Keeps a signed-in account on the device and opens it; from the one step in between on, a guest's records belong to it. */
export async function enter(core: SessionCore, keys: SignedInKeys, password: string | undefined): Done {
  const { vault, line } = core.parts.platform;
  const device = await vault.read();
  const made = await makeEntry(core.parts, device, { ...keys, password });
  const waiting = waitingFor(device, keys.account.id);
  const entry = waiting ? withChange(made, waiting, new Date(core.parts.clock.nowMs()).toISOString()) : made;
  await core.close();
  await vault.update((state) => ({ ...withSignedIn(state, entry), usedAtMs: core.parts.clock.nowMs() }));
  line.post();
  const opened = await openAccount(core, entry.account, keys.accountKey);
  if (waiting) void refreshAccount(core);
  return opened;
}

/** What the account has not heard: changes from before it signed out here, and that a guest saw the first screens already. */
function waitingFor({ accounts, current, guest }: DeviceState, accountId: string): WaitingProfile | undefined {
  const waiting = accounts[accountId]?.waiting;
  const isSeen = current?.kind === 'guest' && Boolean(guest?.onboarded);
  return isSeen ? { patch: {}, ...waiting, onboarded: true } : waiting;
}

/** Makes an account and enters it. */
export async function signUp(core: SessionCore, input: SignUpInput): Done {
  const { current, guest } = await core.parts.platform.vault.read();
  const named = current?.kind === 'guest' && guest?.name !== undefined ? { name: guest.name, ...input } : input;
  const keys = await register(core.parts, named);
  return keys.ok ? enter(core, keys.value, input.password) : keys;
}

/** Signs in to an account and enters it. */
export async function signIn(core: SessionCore, input: SignInInput): Done {
  const keys = await login(core.parts, input);
  return keys.ok ? enter(core, keys.value, input.password) : keys;
}

/** Opens a locked vault by the password, without a network where the password was typed on this device before; else it signs in. */
export async function unlock(core: SessionCore, password: string, code?: string): Done {
  const { vault, line } = core.parts.platform;
  const device = await vault.read();
  const entry = await currentEntry(core);
  if (!entry) return err('UNAUTHORIZED');
  if (core.opened()) return ok(undefined);
  const { account, offlineWrap } = entry;
  if (!offlineWrap) return signIn(core, { email: account.email, password, ...(code === undefined ? {} : { code }) });
  const accountKey = await openOffline({ account: account.id, password, deviceMacKey: device.keys.mac }, offlineWrap);
  if (!accountKey.ok) return err('INVALID_CREDENTIALS');
  const openCopy = await sealOpenCopy(core.parts, device, { owner: account.id, accountKey: accountKey.value });
  await vault.update((state) => withOpened(state, account.id, { openCopy, nowMs: core.parts.clock.nowMs() }));
  line.post();
  return openAccount(core, account, accountKey.value);
}
