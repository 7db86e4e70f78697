import type { DeviceWrap } from '#crypto/device-wraps.ts';
import type { DeviceState, DeviceVault, VaultEntry } from './device-vault.ts';

/** Where copies are kept that must not outlive the running app. */
export interface CopyMemory {
  /** Copies by the account's id. */
  read(): Promise<Readonly<Record<string, DeviceWrap>>>;
  write(copies: Readonly<Record<string, DeviceWrap>>): Promise<void>;
}

const isHeld = ({ locking }: VaultEntry): boolean => locking?.kind === 'close';

const mapEntries = (state: DeviceState, change: (entry: VaultEntry, id: string) => VaultEntry): DeviceState => ({
  ...state,
  accounts: Object.fromEntries(Object.entries(state.accounts).map(([id, entry]) => [id, isHeld(entry) ? change(entry, id) : entry])),
});

/** Copies of a device's accounts that are held in memory. */
function heldIn(state: DeviceState): Record<string, DeviceWrap> {
  const held = Object.entries(state.accounts).filter(([, entry]) => isHeld(entry));
  return Object.fromEntries(held.flatMap(([id, { openCopy }]) => (openCopy ? [[id, openCopy]] : [])));
}

const differs = (a: Readonly<Record<string, DeviceWrap>>, b: Readonly<Record<string, DeviceWrap>>): boolean =>
  Object.keys({ ...a, ...b }).some((id) => a[id] !== b[id]);

/**
 * [Note: lock on close] Of an account that locks when the app is closed, the copy that opens it without asking never reaches the disk:
 * it is in the memory of the open pages, which hand it to each other, and gone with the last of them.
 */
export function withHeldCopies(stored: DeviceVault, memory: CopyMemory): DeviceVault {
  const merged = (state: DeviceState, copies: Readonly<Record<string, DeviceWrap>>): DeviceState =>
    mapEntries(state, (entry, id) => ({ ...entry, openCopy: copies[id] ?? null }));
  return {
    async read() {
      const state = await stored.read();
      return Object.values(state.accounts).some(isHeld) ? merged(state, await memory.read()) : state;
    },
    async update(change) {
      const copies = Object.values((await stored.read()).accounts).some(isHeld) ? await memory.read() : {};
      let whole: DeviceState | undefined;
      const written = await stored.update((state) => {
        whole = change(merged(state, copies));
        return mapEntries(whole, (entry) => ({ ...entry, openCopy: null }));
      });
      const next = whole ?? written;
      const held = heldIn(next);
      if (differs(copies, held)) await memory.write(held);
      return next;
    },
  };
}
