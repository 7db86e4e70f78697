import type { DeviceState, VaultEntry } from './device-vault.ts';

const minuteMs = 60_000;

/** A clock may be set a little by the network; one that stands further back than this was set back by somebody. In milliseconds. */
const clockSlackMs = 120_000;

/** Whether nobody was at work for so many minutes. A clock that was set back counts: nobody knows how long it was. */
export const isUnusedFor = (minutes: number, { usedAtMs, nowMs }: { readonly usedAtMs: number; readonly nowMs: number }): boolean =>
  nowMs - usedAtMs >= minutes * minuteMs || nowMs < usedAtMs - clockSlackMs;

const isLockDue = ({ usedAtMs = 0 }: DeviceState, { locking }: VaultEntry, nowMs: number): boolean =>
  locking?.kind === 'after' && isUnusedFor(locking.minutes, { usedAtMs, nowMs });

/** The device with every account locked that nobody used for long enough; the same object when there is none. */
export function withDueLocked(state: DeviceState, nowMs: number): DeviceState {
  const due = Object.entries(state.accounts).filter(([, entry]) => entry.openCopy !== null && isLockDue(state, entry, nowMs));
  if (due.length === 0) return state;
  const locked = Object.fromEntries(due.map(([id, entry]) => [id, { ...entry, openCopy: null }]));
  return { ...state, accounts: { ...state.accounts, ...locked } };
}
