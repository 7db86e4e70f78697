import { err, ok, type Result } from '#base/result.ts';
import type { FailureCode } from '#wire/failures.ts';
import type { ProfilePatch } from '#wire/profile.ts';
import { credentialOf } from './credential-of.ts';
import type { GuestEntry, WaitingProfile } from './device-vault.ts';
import { refreshAccount } from './refresh-account.ts';
import type { SessionCore } from './session-core.ts';
import type { Delivery } from './session.ts';
import { guestViewOf, viewOf, withEntry } from './vault-entries.ts';
import { sendWaitingProfile, withChange } from './waiting-profile.ts';

/** Keeps a change of the open account on the device and shows it; false when no account is open. */
async function keep(core: SessionCore, change: WaitingProfile): Promise<boolean> {
  const { vault, line } = core.parts.platform;
  const opened = core.openedAccount();
  if (!opened) return false;
  const nowIso = new Date(core.parts.clock.nowMs()).toISOString();
  const device = await vault.update((state) => withEntry(state, opened.accountId, (entry) => withChange(entry, change, nowIso)));
  const state = core.state();
  const account = device.accounts[opened.accountId]?.account;
  if (state.kind === 'open' && account) core.become({ ...state, account: viewOf(account) });
  line.post();
  return true;
}

async function send(core: SessionCore): Promise<FailureCode | 'LATER' | undefined> {
  const opened = core.openedAccount();
  const token = opened && (await credentialOf(opened));
  if (!opened || token === undefined) return 'LATER';
  return sendWaitingProfile(core, opened.accountId, token);
}

/** Changes the open account's profile: here at once, at the server now or at the next contact. */
export async function changeProfile(core: SessionCore, patch: ProfilePatch): Promise<Result<Delivery, FailureCode>> {
  if (!(await core.serially(() => keep(core, { patch, onboarded: false })))) {
    const named = patch.name === undefined ? {} : { name: patch.name };
    return (await core.serially(() => changeGuest(core, named))) ? ok('WAITING') : err('UNAUTHORIZED');
  }
  const left = await send(core);
  if (left === undefined) return ok('SENT');
  if (left === 'LATER') return ok('WAITING');
  await refreshAccount(core); // shows again what the server has
  return err(left);
}

/** The first screens are finished, of the open account or of the guest. */
export async function finishOnboarding(core: SessionCore): Promise<void> {
  if (await core.serially(() => keep(core, { patch: {}, onboarded: true }))) return void send(core);
  await core.serially(() => changeGuest(core, { onboarded: true }));
}

/** Keeps what a guest said; it comes along into an account. False where no guest is open. */
async function changeGuest(core: SessionCore, change: Pick<GuestEntry, 'name' | 'onboarded'>): Promise<boolean> {
  const state = core.state();
  if (state.kind !== 'open' || !state.guest) return false;
  const { guest } = await core.parts.platform.vault.update((device) => ({
    ...device,
    guest: device.guest && { ...device.guest, ...change },
  }));
  if (guest) core.become({ ...state, guest: guestViewOf(guest) });
  return guest !== null;
}
