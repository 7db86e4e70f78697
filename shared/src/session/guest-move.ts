import type { OpenRecord } from '#store/store.ts';
import type { DeviceState, GuestEntry } from './device-vault.ts';
import { openGuestVault, type OpenVault } from './open-vault.ts';
import type { SessionCore } from './session-core.ts';
import { readGuestKey } from './vault-entries.ts';

/** Records taken over in one transaction: short enough that screens go on. */
const pageSize = 200;

/**
 * [Note: guest move] From the step in which the account is kept on the device, the guest's database belongs to the account (`moves`).
 * Its drafts, history and ways back are taken over first, then its records page by page; what has arrived is known by its id, so that
 * the move may be cut off at any point and begins again with the next opening. Only when all have arrived is the guest's database deleted, and only then is the move forgotten.
 */
export async function moveGuests(core: SessionCore, target: OpenVault): Promise<void> {
  const { accountId } = target;
  if (accountId === null) return;
  const { vault, exclusive } = core.parts.platform;
  await exclusive(`mana-move-${accountId}`, async () => {
    const guests = (await vault.read()).moves[accountId] ?? [];
    for (const guest of guests) {
      if (!(await moveGuest(core, target, guest))) return;
      await vault.update((state) => withMoved(state, accountId, guest.id));
    }
  });
  if (core.migration() !== null) core.moving(null);
}

async function moveGuest(core: SessionCore, target: OpenVault, guest: GuestEntry): Promise<boolean> {
  const { vault, deleteStorage } = core.parts.platform;
  const accountKey = await readGuestKey(await vault.read(), guest);
  const source = accountKey && (await openGuestVault(core.parts, guest, accountKey));
  if (!source?.ok) {
    core.parts.warn('GUEST_DOES_NOT_OPEN');
    return false;
  }
  const records = await editedRecords(core, source.value);
  const hasArrived = (await takeOverLogs(core, target, source.value)) && (await takeOver(core, target, records));
  await source.value.close();
  if (hasArrived) await deleteStorage(guest.database);
  return hasArrived;
}

async function takeOverLogs(core: SessionCore, target: OpenVault, source: OpenVault): Promise<boolean> {
  const logs = await source.store.openLogs();
  if (!logs.ok || core.opened()?.store !== target.store) return false;
  return (await target.store.takeOverLogs(logs.value)).ok;
}

async function takeOver(core: SessionCore, target: OpenVault, records: readonly OpenRecord[]): Promise<boolean> {
  const total = records.length;
  for (let done = 0; done < total; done += pageSize) {
    // Locked or signed out meanwhile: the next opening goes on.
    if (core.opened()?.store !== target.store) return false;
    core.moving({ done, total });
    const taken = await target.store.takeOver(records.slice(done, done + pageSize));
    if (!taken.ok) return false;
  }
  core.moving({ done: total, total });
  return true;
}

/** Every record that the guest has edited, the deleted ones too; samples that nobody touched stay behind. */
async function editedRecords({ parts }: SessionCore, { store }: OpenVault): Promise<readonly OpenRecord[]> {
  const found: OpenRecord[] = [];
  for (const table of parts.tables) {
    await store.whenComplete(table);
    const view = store.table(table);
    found.push(...(view.all() as readonly OpenRecord[]), ...(view.bin() as readonly OpenRecord[]));
  }
  return found.filter(({ seed }) => !seed);
}

/** The device after a guest's records arrived in an account. */
function withMoved(state: DeviceState, accountId: string, guestId: string): DeviceState {
  const { [accountId]: waiting = [], ...others } = state.moves;
  const left = waiting.filter(({ id }) => id !== guestId);
  return { ...state, moves: left.length > 0 ? { ...others, [accountId]: left } : others };
}
