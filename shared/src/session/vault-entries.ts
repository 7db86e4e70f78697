import type { Bytes } from '#base/bytes.ts';
import { newId } from '#base/ids.ts';
import { KEY_BYTES, wipe } from '#crypto/primitives.ts';
import { openOnDevice, sealForDevice } from '#crypto/device-wraps.ts';
import type { Account } from '#wire/account.ts';
import type { DeviceState, GuestEntry, VaultEntry } from './device-vault.ts';
import type { SessionParts } from './session-parts.ts';
import type { AccountView, GuestView } from './session.ts';

/** What screens show of an account. */
export const viewOf = ({ id, email, name, wraps, passkeyWraps, profile }: Account): AccountView => ({
  id,
  email,
  name,
  hasRecoveryCode: wraps.some(({ kind }) => kind === 'recovery'),
  opensByPasskey: (passkeyWraps?.length ?? 0) > 0,
  photo: profile?.photo ?? null,
  communityShowRealName: profile?.communityShowRealName ?? false,
  onboarded: profile?.onboardedAt !== null,
});

/** What screens show of a guest. */
export const guestViewOf = ({ name = '', onboarded = false }: GuestEntry): GuestView => ({ name, onboarded });

/** What the sealed copy of an account key is. */
export const accountKeyKind = 'account-key';
const guestKeyKind = 'guest-key';

/** The account key of an entry that opens without asking; undefined when it is locked. Wipe it after use. */
export async function readOpenCopy(device: DeviceState, accountId: string): Promise<Bytes | undefined> {
  const sealed = device.accounts[accountId]?.openCopy;
  return sealed ? openOnDevice(device.keys.sealing, { kind: accountKeyKind, owner: accountId, sealed }) : undefined;
}

/** The key of a guest. Wipe it after use. */
export const readGuestKey = (device: DeviceState, { id, accountKey }: GuestEntry): Promise<Bytes | undefined> =>
  openOnDevice(device.keys.sealing, { kind: guestKeyKind, owner: id, sealed: accountKey });

/** Makes a guest. While an earlier one is still on its way into an account, the new one gets a database of its own. */
export async function makeGuest({ clock, random }: SessionParts, device: DeviceState): Promise<GuestEntry> {
  const id = newId({ clock, random });
  const accountKey = random.bytes(KEY_BYTES);
  const sealed = await sealForDevice(device.keys.sealing, { kind: guestKeyKind, owner: id, bytes: accountKey, random });
  wipe(accountKey);
  const isNameTaken = Object.values(device.moves).some((guests) => guests.some(({ database }) => database === guestDatabase));
  return { id, space: newId({ clock, random }), database: isNameTaken ? `${guestDatabase}-${id}` : guestDatabase, accountKey: sealed };
}

const guestDatabase = 'mana-guest';

/** The device with a changed entry of an account; unchanged when it has none. */
export function withEntry(state: DeviceState, id: string, change: (entry: VaultEntry) => VaultEntry): DeviceState {
  const entry = state.accounts[id];
  return entry ? { ...state, accounts: { ...state.accounts, [id]: change(entry) } } : state;
}

/** The device after an account signed out: another one that is signed in here is shown; with `forget` nothing of it is left. */
export function withSignedOut(state: DeviceState, id: string, forget: boolean): DeviceState {
  const ending = { account: id, refreshToken: state.accounts[id]?.refreshToken ?? null };
  const signedOut = withEntry(state, id, ({ pin: _, ...entry }) => ({
    ...entry,
    openCopy: null,
    offlineWrap: null,
    refreshToken: null,
    signedOut: true,
  }));
  const next = Object.values(state.accounts).find((entry) => entry.account.id !== id && !entry.signedOut);
  const left: DeviceState = {
    ...signedOut,
    current: next ? { kind: 'account', id: next.account.id } : null,
    endings: [...(state.endings ?? []).filter(({ account }) => account !== id), ending],
  };
  return forget ? { ...left, accounts: without(state.accounts, id), moves: without(state.moves, id) } : left;
}

function without<Value>(values: Readonly<Record<string, Value>>, key: string): Record<string, Value> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => name !== key));
}
