import type { SignedInHere } from './accounts.ts';
import { followDevice } from './device-acts.ts';
import type { DeviceState, VaultEntry } from './device-vault.ts';
import type { SessionCore } from './session-core.ts';
import { showDevice } from './show-device.ts';
import { viewOf } from './vault-entries.ts';

/** Every account that is signed in here. */
export async function listAccounts(core: SessionCore): Promise<readonly SignedInHere[]> {
  const { accounts, current } = await core.parts.platform.vault.read();
  const signedIn = Object.values(accounts).filter(({ signedOut }) => !signedOut);
  return signedIn.map(({ account, openCopy }) => ({
    account: viewOf(account),
    isOpen: openCopy !== null,
    isShown: current?.kind === 'account' && current.id === account.id,
  }));
}

const isSignedIn = ({ accounts }: DeviceState, id: string): boolean => accounts[id] !== undefined && !accounts[id].signedOut;

/** Shows another account that is signed in here; nothing of the one before stays open. */
export async function switchTo(core: SessionCore, id: string): Promise<void> {
  const { vault, line } = core.parts.platform;
  if (!isSignedIn(await vault.read(), id) || core.openedAccount()?.accountId === id) return;
  await core.close();
  await vault.update((state) => (isSignedIn(state, id) ? { ...state, current: { kind: 'account', id } } : state));
  line.post();
  await showDevice(core);
}

/** Drops what opens an account without asking, for those that are meant. */
async function lockThose(core: SessionCore, isMeant: (id: string) => boolean): Promise<void> {
  const { vault, line } = core.parts.platform;
  const locked = (id: string, entry: VaultEntry): VaultEntry => (isMeant(id) ? { ...entry, openCopy: null } : entry);
  await vault.update((state) => ({
    ...state,
    accounts: Object.fromEntries(Object.entries(state.accounts).map(([id, entry]) => [id, locked(id, entry)])),
  }));
  line.post();
  await followDevice(core);
}

/** Locks one account of this device. */
export const lockOne = (core: SessionCore, id: string): Promise<void> => lockThose(core, (each) => each === id);

/** Locks every account of this device. */
export const lockAll = (core: SessionCore): Promise<void> => lockThose(core, () => true);
