import { ok } from '#base/result.ts';
import type { Account } from '#wire/account.ts';
import type { FailureCode } from '#wire/failures.ts';
import type { Profile } from '#wire/profile.ts';
import type { AccountClient } from './account-client.ts';
import type { Credential } from './api-call.ts';
import type { VaultEntry, WaitingProfile } from './device-vault.ts';
import type { SessionCore } from './session-core.ts';
import { withEntry } from './vault-entries.ts';

const unknownProfile: Profile = { photo: null, communityShowRealName: false, onboardedAt: null };

/** An account as it will be once the server has heard what waits. */
function foretold(account: Account, { patch, onboarded }: WaitingProfile, nowIso: string): Account {
  const { name = account.name, ...shown } = patch;
  const known = account.profile ?? unknownProfile;
  const { photo = known.photo, communityShowRealName = known.communityShowRealName } = shown;
  return { ...account, name, profile: { photo, communityShowRealName, onboardedAt: known.onboardedAt ?? (onboarded ? nowIso : null) } };
}

/** The entry with what the server says of its account; what it has not heard yet stays as the person left it. */
export function withAccount(entry: VaultEntry, account: Account): VaultEntry {
  if (!entry.waiting) return { ...entry, account };
  return { ...entry, account: foretold(account, entry.waiting, entry.account.profile?.onboardedAt ?? '') };
}

/** The entry after the person changed something: shown at once, and kept until the server has it. */
export function withChange(entry: VaultEntry, { patch, onboarded }: WaitingProfile, nowIso: string): VaultEntry {
  const before = entry.waiting ?? { patch: {}, onboarded: false };
  const waiting = { patch: { ...before.patch, ...patch }, onboarded: before.onboarded || onboarded };
  return { ...entry, waiting, account: foretold(entry.account, waiting, nowIso) };
}

/** Codes after which the same change may succeed later; with every other one the server has refused it for good. */
const passing: readonly FailureCode[] = ['SERVICE_UNAVAILABLE', 'INTERNAL', 'RATE_LIMITED', 'UNAUTHORIZED', 'TOKEN_EXPIRED'];

/** Tells the server what waits. Undefined when nothing does, or it has heard everything; else why not. */
export async function sendWaitingProfile(
  { parts }: SessionCore,
  accountId: string,
  credential: Credential,
): Promise<FailureCode | 'LATER' | undefined> {
  const { vault, exclusive } = parts.platform;
  return exclusive(`mana-profile-${accountId}`, async () => {
    const waiting = (await vault.read()).accounts[accountId]?.waiting;
    if (!waiting) return undefined;
    const failure = await tell(parts.api, waiting, credential);
    if (failure && passing.includes(failure)) return 'LATER';
    await vault.update((state) => withEntry(state, accountId, (entry) => withoutSent(entry, waiting)));
    return failure;
  });
}

async function tell(api: AccountClient, { patch, onboarded }: WaitingProfile, credential: Credential): Promise<FailureCode | undefined> {
  const changed = Object.keys(patch).length > 0 ? await api.changeProfile(patch, credential) : ok(undefined);
  const completed = changed.ok && onboarded ? await api.completeOnboarding(credential) : changed;
  return completed.ok ? undefined : completed.error;
}

/** What was changed again while it was on its way waits on. */
function withoutSent(entry: VaultEntry, sent: WaitingProfile): VaultEntry {
  const { waiting, ...rest } = entry;
  if (!waiting) return entry;
  const names = Object.keys(waiting.patch) as (keyof WaitingProfile['patch'])[];
  const left = Object.fromEntries(
    names.filter((name) => waiting.patch[name] !== sent.patch[name]).map((name) => [name, waiting.patch[name]]),
  );
  return Object.keys(left).length === 0 ? rest : { ...rest, waiting: { patch: left, onboarded: waiting.onboarded && !sent.onboarded } };
}
