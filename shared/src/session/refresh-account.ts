import type { Account } from '#wire/account.ts';
import type { Credential } from './api-call.ts';
import { credentialOf } from './credential-of.ts';
import type { OpenVault } from './open-vault.ts';
import type { SessionCore } from './session-core.ts';
import { sendWaitingProfile, withAccount } from './waiting-profile.ts';
import { readOpenCopy, viewOf, withEntry } from './vault-entries.ts';

/** Reads the session again: new spaces and keys are taken over. Without a network, or signed out, everything stays as it is. */
export async function refreshAccount(core: SessionCore): Promise<void> {
  const vault = core.openedAccount();
  const credential = vault && (await credentialOf(vault));
  if (!vault || !credential) return;
  await sendWaitingProfile(core, vault.accountId, credential);
  const answer = await core.parts.api.session(credential);
  await core.serially(async () => {
    if (!answer.ok || answer.value.id !== vault.accountId || core.openedAccount()?.store !== vault.store) return;
    await takeOver(core, vault, answer.value);
  });
  await announceLostEpochs(core, vault.accountId, credential);
  await followShared(core);
}

/** Shared spaces are read where there are any, or were. */
export async function followShared(core: SessionCore): Promise<void> {
  const id = core.openedAccount()?.accountId;
  const entry = id === undefined ? undefined : (await core.parts.platform.vault.read()).accounts[id];
  if (!entry) return;
  if (!entry.shared?.length && entry.account.spaces.every(({ type }) => type === 'personal')) return knowNone(core);
  const { followSpaces, showKnownSpaces } = await import('./follow-spaces.ts');
  if (core.spaces().length === 0 && entry.shared?.length) await showKnownSpaces(core);
  await followSpaces(core);
  knowNone(core);
}

function knowNone(core: SessionCore): void {
  if (core.openedAccount() && !core.knowsSpaces()) core.showSpaces([]);
}

/** A server that was restored from a backup does not know the keys that came after it: without them it takes nothing that they sealed. */
async function announceLostEpochs(core: SessionCore, accountId: string, credential: Credential): Promise<void> {
  const account = (await core.parts.platform.vault.read()).accounts[accountId]?.account;
  if (!account?.spaces.some(({ epoch, keys }) => keys.some((key) => key.epoch > epoch))) return;
  const { announceAgain } = await import('./personal-epochs.ts');
  await announceAgain(core.parts, account, credential);
}

/** What the server says of the account, and the keys that this device was given before and the server no longer knows. */
function withKnownKeys(account: Account, known: Account): Account {
  const spaces = account.spaces.map((space) => {
    const before = known.spaces.find(({ id }) => id === space.id)?.keys ?? [];
    return space.type === 'personal' ? { ...space, keys: [...space.keys, ...before.filter(({ epoch }) => epoch > space.epoch)] } : space;
  });
  return { ...account, spaces };
}

async function takeOver(
  core: SessionCore,
  { keyring, accountId }: OpenVault & { readonly accountId: string },
  account: Account,
): Promise<void> {
  const { vault } = core.parts.platform;
  const device = await vault.update((state) =>
    withEntry(state, accountId, (entry) => withAccount(entry, withKnownKeys(account, entry.account))),
  );
  const accountKey = await readOpenCopy(device, accountId);
  if (accountKey) await (await import('./open-keyring.ts')).addNewSpaceKeys(keyring, account, accountKey);
  const state = core.state();
  if (state.kind === 'open') core.become({ ...state, account: viewOf(device.accounts[accountId]?.account ?? account) });
}
