import type { Bytes } from '#base/bytes.ts';
import { newId } from '#base/ids.ts';
import { KEY_BYTES, wipe } from '#crypto/primitives.ts';
import { openOnDevice, sealForDevice, sealOffline, type DeviceWrap } from '#crypto/wraps.ts';
import type { Account, Wrap } from '#wire/account.ts';
import { sealRefreshToken } from './access-tokens.ts';
import type { DeviceState, GuestEntry, VaultEntry } from './device-vault.ts';
import { MAX_PIN_TRIES } from './locks.ts';
import type { SessionParts } from './session-parts.ts';
import type { AccountView, GuestView } from './session.ts';
import type { SignedInKeys } from './sign-in.ts';

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

const accountKeyKind = 'account-key';
const guestKeyKind = 'guest-key';

/** Makes the entry of an account that just signed in. Without a password it opens by the device's key, and by what the device has from before. */
export async function makeEntry(
  parts: SessionParts,
  device: DeviceState,
  { account, accountKey, refreshToken, password }: SignedInKeys & { readonly password: string | undefined },
): Promise<VaultEntry> {
  const { random } = parts;
  const { sealing, mac } = device.keys;
  const offlinePlace = password === undefined ? undefined : { account: account.id, password, deviceMacKey: mac };
  const entry = await signedInEntry(parts, device, { account, refreshToken });
  return {
    ...entry,
    openCopy: await sealForDevice(sealing, { kind: accountKeyKind, owner: account.id, bytes: accountKey, random }),
    offlineWrap: offlinePlace ? await sealOffline(offlinePlace, accountKey, random) : entry.offlineWrap,
  };
}

/** The entry of an account that signed in and is still locked on this device. */
export async function signedInEntry(
  { random }: SessionParts,
  device: DeviceState,
  { account, refreshToken }: Pick<SignedInKeys, 'account' | 'refreshToken'>,
): Promise<VaultEntry> {
  return {
    account,
    openCopy: null,
    offlineWrap: device.accounts[account.id]?.offlineWrap ?? null,
    refreshToken: refreshToken === undefined ? null : await sealRefreshToken(device, { owner: account.id, token: refreshToken, random }),
  };
}

/** Seals an account key once more for opening without asking. */
export const sealOpenCopy = ({ random }: SessionParts, device: DeviceState, { owner, accountKey }: { owner: string; accountKey: Bytes }) =>
  sealForDevice(device.keys.sealing, { kind: accountKeyKind, owner, bytes: accountKey, random });

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

/** The device after an account signed in: it is the current one, and a guest's records are on their way into it. */
export function withSignedIn(state: DeviceState, entry: VaultEntry): DeviceState {
  const { id } = entry.account;
  const waiting = state.moves[id] ?? [];
  const { signedOut: _, ...before } = state.accounts[id] ?? {};
  return {
    ...state,
    // The new session took the place of one that was still to be ended.
    endings: (state.endings ?? []).filter(({ account }) => account !== id),
    current: { kind: 'account', id },
    // What was believed of shared spaces outlives a sign-in.
    accounts: { ...state.accounts, [id]: { ...before, ...entry } },
    guest: null,
    moves: state.guest ? { ...state.moves, [id]: [...waiting, state.guest] } : state.moves,
  };
}

/** The device with a changed entry of an account; unchanged when it has none. */
export function withEntry(state: DeviceState, id: string, change: (entry: VaultEntry) => VaultEntry): DeviceState {
  const entry = state.accounts[id];
  return entry ? { ...state, accounts: { ...state.accounts, [id]: change(entry) } } : state;
}

/** The device after an account was opened: the copy that opens it again, and the moment, from which locking counts. */
export const withOpened = (state: DeviceState, id: string, { openCopy, nowMs }: { openCopy: DeviceWrap; nowMs: number }): DeviceState => ({
  ...withEntry(state, id, ({ pin, ...entry }) => ({ ...entry, openCopy, ...(pin ? { pin: { ...pin, triesLeft: MAX_PIN_TRIES } } : {}) })),
  usedAtMs: nowMs,
});

/** The device with a wrap of an account in the place of the one of its kind. */
export const withWrap = (state: DeviceState, id: string, wrap: Wrap): DeviceState =>
  withEntry(state, id, (entry) => ({
    ...entry,
    account: { ...entry.account, wraps: [...entry.account.wraps.filter(({ kind }) => kind !== wrap.kind), wrap] },
  }));

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

/** The device after a guest's records arrived in an account. */
export function withMoved(state: DeviceState, accountId: string, guestId: string): DeviceState {
  const left = (state.moves[accountId] ?? []).filter(({ id }) => id !== guestId);
  return { ...state, moves: left.length > 0 ? { ...state.moves, [accountId]: left } : without(state.moves, accountId) };
}

function without<Value>(values: Readonly<Record<string, Value>>, key: string): Record<string, Value> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => name !== key));
}
