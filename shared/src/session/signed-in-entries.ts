import type { Bytes } from '#base/bytes.ts';
import { sealForDevice, type DeviceWrap } from '#crypto/device-wraps.ts';
import { sealOffline } from '#crypto/wraps.ts';
import type { Wrap } from '#wire/account.ts';
import { sealRefreshToken } from './access-tokens.ts';
import type { DeviceState, VaultEntry } from './device-vault.ts';
import { MAX_PIN_TRIES } from './locks.ts';
import type { SessionParts } from './session-parts.ts';
import type { SignedInKeys } from './sign-in.ts';
import { accountKeyKind, withEntry } from './vault-entries.ts';

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
