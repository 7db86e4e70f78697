import type { DeviceState, VaultEntry } from './device-vault.ts';
import { accountDatabase } from './open-vault.ts';
import type { SessionCore } from './session-core.ts';
import { showDevice } from './show-device.ts';
import { makeGuest, viewOf, withEntry, withSignedOut } from './vault-entries.ts';

/** Opens the guest's vault, and makes it the first time. Where an account is at home, that is shown instead. */
export async function startGuest(core: SessionCore): Promise<void> {
  const { vault, line } = core.parts.platform;
  if (core.opened()) return;
  const made = await makeGuest(core.parts, await vault.read());
  await vault.update((state) => (state.current ? state : { ...state, guest: state.guest ?? made, current: { kind: 'guest' } }));
  line.post();
  await showDevice(core);
}

/** The account that is at home on this device, as the device keeps it. */
export async function currentEntry(core: SessionCore): Promise<VaultEntry | undefined> {
  const { current, accounts } = await core.parts.platform.vault.read();
  return current?.kind === 'account' ? accounts[current.id] : undefined;
}

/** Ends the session at the server if it can be reached, and closes the vault. */
export async function signOut(core: SessionCore, forget: boolean): Promise<void> {
  const { parts } = core;
  const { vault, line } = parts.platform;
  const entry = await currentEntry(core);
  await core.close();
  if (!entry) await leaveGuest(core, forget);
  else {
    const { id } = entry.account;
    const { moves } = await vault.read();
    await vault.update((state) => withSignedOut(state, id, forget));
    const databases = forget ? [accountDatabase(id), ...(moves[id] ?? []).map(({ database }) => database)] : [];
    for (const database of databases) await parts.platform.deleteStorage(database);
  }
  line.post();
  await showDevice(core);
  // The vault is closed whatever the server says; where it cannot be reached, it hears of it at the next contact.
  if (entry) await (await import('./endings.ts')).endSessions(core);
}

async function leaveGuest(core: SessionCore, forget: boolean): Promise<void> {
  const { vault, deleteStorage } = core.parts.platform;
  const { guest } = await vault.read();
  await vault.update((state) => ({ ...state, current: null, guest: forget ? null : state.guest }));
  if (guest && forget) await deleteStorage(guest.database);
}

/** Drops the keys of an open account here and the copy that would open it again. A guest has no password to unlock with and stays open. */
export async function lock(core: SessionCore): Promise<void> {
  const opened = core.openedAccount();
  const entry = await currentEntry(core);
  if (!opened || !entry) return;
  const { vault, line } = core.parts.platform;
  await core.close();
  await vault.update((state) => withEntry(state, opened.accountId, (held) => ({ ...held, openCopy: null })));
  core.become({ kind: 'locked', account: viewOf(entry.account) });
  line.post();
}

/** Whether a vault that is open here is the device's current one, and not locked. */
function mayStayOpen(device: DeviceState, accountId: string | null): boolean {
  if (device.current?.kind !== 'account') return device.current !== null && accountId === null;
  const { id } = device.current;
  return accountId === id && Boolean(device.accounts[id]?.openCopy);
}

/** Another tab may have learned of spaces and keys. */
async function adoptSpaces(core: SessionCore, device: DeviceState): Promise<void> {
  const id = core.openedAccount()?.accountId;
  if (id !== undefined && device.accounts[id]?.shared) await (await import('./follow-spaces.ts')).showKnownSpaces(core);
}

/** Follows what another tab did to the vault: locked, unlocked, signed in or out. */
export async function followDevice(core: SessionCore): Promise<void> {
  const device = await core.parts.platform.vault.read();
  const opened = core.opened();
  if (opened && mayStayOpen(device, opened.accountId)) return adoptSpaces(core, device);
  if (!opened && core.state().kind === 'starting') return;
  await core.close();
  await showDevice(core);
}
