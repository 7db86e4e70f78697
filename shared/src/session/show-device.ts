import type { Bytes } from '#base/bytes.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { Account } from '#wire/account.ts';
import type { FailureCode } from '#wire/failures.ts';
import type { DeviceState, GuestEntry } from './device-vault.ts';
import { withDueLocked } from './lock-due.ts';
import { openAccountVault, openGuestVault, type OpenVault, type OpenVaultFailure } from './open-vault.ts';
import { followShared, refreshAccount } from './refresh-later.ts';
import type { SessionCore } from './session-core.ts';
import type { SessionState } from './session.ts';
import { guestViewOf, readGuestKey, readOpenCopy, viewOf } from './vault-entries.ts';

/** Shows what may be opened without asking: the guest, an unlocked account, a lock, or nobody. */
export async function showDevice(core: SessionCore): Promise<void> {
  const device = await readSettled(core);
  const { current } = device;
  if (current?.kind === 'guest' && device.guest) return openGuest(core, device, device.guest);
  const entry = current?.kind === 'account' ? device.accounts[current.id] : undefined;
  if (!entry) return core.become({ kind: 'none' });
  const accountKey = await readOpenCopy(device, entry.account.id);
  if (!accountKey) return core.become({ kind: 'locked', account: viewOf(entry.account) });
  if ((await openAccount(core, entry.account, accountKey)).ok) void refreshAccount(core);
}

/** The device, after what nobody used for too long was locked. */
async function readSettled({ parts }: SessionCore): Promise<DeviceState> {
  const { vault } = parts.platform;
  const nowMs = parts.clock.nowMs();
  const device = await vault.read();
  return withDueLocked(device, nowMs) === device ? device : vault.update((state) => withDueLocked(state, nowMs));
}

async function openGuest(core: SessionCore, device: DeviceState, guest: GuestEntry): Promise<void> {
  const accountKey = await readGuestKey(device, guest);
  const vault = accountKey ? await openGuestVault(core.parts, guest, accountKey) : err('FOREIGN_KEYS' as const);
  showOpened(core, vault, { account: null, guest: guestViewOf(guest) });
}

/** Opens an account's vault and shows it; a guest's move that is under way goes on. Wipes the account key. */
export async function openAccount(core: SessionCore, account: Account, accountKey: Bytes): Promise<Result<void, FailureCode>> {
  const vault = await openAccountVault(core.parts, account, accountKey);
  showOpened(core, vault, { account: viewOf(account), guest: null });
  if (!vault.ok) return err('INTERNAL');
  void moveOn(core, vault.value);
  void followShared(core);
  return ok(undefined);
}

async function moveOn(core: SessionCore, vault: OpenVault): Promise<void> {
  const { moveGuests } = await import('./guest-move.ts');
  await moveGuests(core, vault);
}

type Shown = Pick<Extract<SessionState, { kind: 'open' }>, 'account' | 'guest'>;

function showOpened(core: SessionCore, vault: Result<OpenVault, OpenVaultFailure>, shown: Shown): void {
  if (!vault.ok) return core.become({ kind: 'failed', code: vault.error === 'DATABASE_NEWER' ? vault.error : 'DATABASE_UNAVAILABLE' });
  core.hold(vault.value);
  const { store, sync } = vault.value;
  core.become({ kind: 'open', ...shown, store, sync });
}
