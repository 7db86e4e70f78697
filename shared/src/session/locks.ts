import type { Result } from '#base/result.ts';

/** When an account locks on a device by itself. */
export type LockChoice =
  /** Never: only the person locks it. */
  | { readonly kind: 'stay' }
  /** When nobody did anything for so many minutes. */
  | { readonly kind: 'after'; readonly minutes: number }
  /** When its last page is closed or loaded anew: what opens it is in memory only. */
  | { readonly kind: 'close' };

/** Minutes that may be chosen. */
export const LOCK_MINUTES = [1, 5, 15, 30, 60] as const;

/** Wrong tries that a PIN bears before only password or passkey opens: a thief of the device has 5 in 900,000. */
export const MAX_PIN_TRIES = 5;

/** Fewest digits of a PIN. */
export const MIN_PIN_DIGITS = 6;

/** Most digits of a PIN. */
export const MAX_PIN_DIGITS = 12;

/** How the account that is at home locks on this device. */
export interface LockView {
  readonly choice: LockChoice;
  /** When somebody was last at work in any tab, as far as it was noted, in milliseconds of the device's clock. */
  readonly usedAtMs: number;
  /** Wrong tries that the PIN still bears; 0 where there is none. */
  readonly pinTriesLeft: number;
}

/** Why a PIN was not taken: not 6 to 12 digits, one that everybody tries first, or no account is open. */
export type PinRefusal = 'LENGTH' | 'OBVIOUS' | 'CLOSED';

/** The locks of an account on one device. */
export interface Locks {
  /** Reads the locks; null where no account is at home. */
  view(): Promise<LockView | null>;
  choose(choice: LockChoice): Promise<void>;
  /** Lets a PIN open the account here, in the place of an earlier one. */
  setPin(pin: string): Promise<Result<void, PinRefusal>>;
  removePin(): Promise<void>;
  /** Opens the locked vault; a wrong PIN costs a try, and with the last one the PIN is gone. Works without a network. */
  unlockByPin(pin: string): Promise<Result<void, { readonly triesLeft: number }>>;
  /** Somebody was at work at `atMs`: the time until locking begins anew. */
  noteUse(atMs: number): Promise<void>;
  /** Locks what nobody used for as long as was chosen; true when the open account was among it. */
  lockIfDue(): Promise<boolean>;
}
