/** An account that is signed in on this device. */
export interface SignedInHere {
  readonly account: { readonly id: string; readonly email: string; readonly name: string; readonly photo: string | null };
  /** Whether it opens without asking. */
  readonly isOpen: boolean;
  /** Whether it is the one that is shown. */
  readonly isShown: boolean;
}

/** The accounts of one device; each has a session, keys and a database of its own. */
export interface Accounts {
  /** Every account that is signed in here, in the order of signing in. */
  list(): Promise<readonly SignedInHere[]>;
  /** Shows another account in every tab; one that is locked asks for its password. */
  switchTo(id: string): Promise<void>;
  /** Locks one account, in every tab, whether it is shown or not. */
  lock(id: string): Promise<void>;
  /** Locks every account of this device. */
  lockAll(): Promise<void>;
}
