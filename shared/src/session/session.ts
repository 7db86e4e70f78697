import type { Result } from '#base/result.ts';
import type { Store } from '#store/store.ts';
import type { Sync } from '#sync/status.ts';
import type { FailureCode } from '#wire/failures.ts';
import type { Passkeys } from './passkeys.ts';
import type { Accounts } from './accounts.ts';
import type { Locks } from './locks.ts';
import type { Spaces } from './spaces.ts';
import type { AccountCare } from './account-care.ts';
import type { ProfilePatch } from '#wire/profile.ts';

/** The vault of a device: closed, locked, or open with its store and sync. */
export type SessionState =
  /** The device was read, nobody is here: the landing page. */
  | { readonly kind: 'none' }
  /** The device is being read. */
  | { readonly kind: 'starting' }
  /** An account is on this device, and its keys are not in memory. `lacksKey`: a passkey just signed in that cannot open the vault. */
  | { readonly kind: 'locked'; readonly account: AccountView; readonly lacksKey?: boolean }
  /** Keys are in memory; of `account` and `guest` one is null. */
  | {
      readonly kind: 'open';
      readonly account: AccountView | null;
      readonly guest: GuestView | null;
      readonly store: Store;
      readonly sync: Sync;
    }
  /** The local database cannot be opened by this version of the app, or not at all. */
  | { readonly kind: 'failed'; readonly code: 'DATABASE_NEWER' | 'DATABASE_UNAVAILABLE' };

/** What screens show of an account. */
export interface AccountView {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  /** Whether a recovery code was made and typed again. */
  readonly hasRecoveryCode: boolean;
  /** Whether some passkey opens the vault. */
  readonly opensByPasskey: boolean;
  /** Data address of the photo; null shows the drawing made from the id. */
  readonly photo: string | null;
  readonly communityShowRealName: boolean;
  /** Whether the first screens were finished; true where nobody knows. */
  readonly onboarded: boolean;
}

/** What screens show of a person without an account. */
export interface GuestView {
  /** Empty until the guest says one. */
  readonly name: string;
  readonly onboarded: boolean;
}

/** Whether a change has reached the server or waits on the device for the next contact. */
export type Delivery = 'SENT' | 'WAITING';

/** Progress of moving a guest's records into a new account. */
export interface Migration {
  readonly done: number;
  readonly total: number;
}

/** Locks, opens and closes the vault; owns store and sync. */
export interface Session extends AccountCare {
  readonly passkeys: Passkeys;
  readonly spaces: Spaces;
  readonly locks: Locks;
  readonly accounts: Accounts;
  state(): SessionState;
  subscribe(listener: () => void): () => void;
  /** Has something done before the vault closes for whatever reason, while it can still be written to. */
  beforeClosing(act: () => Promise<void>): () => void;
  /** Reads the device: opens what may be opened without asking. Works without a network. */
  start(): Promise<void>;
  /** Opens a guest's vault (and makes it the first time). */
  startGuest(): Promise<void>;
  /** Makes an account; a guest's records move into it. Resolves when the account is open; the move goes on and resumes by itself. `EMAIL_NOT_VERIFIED`: a link was sent; once it was opened, sign in. */
  signUp(input: { email: string; password: string; name?: string; recoveryCode?: readonly string[] }): Promise<Result<void, FailureCode>>;
  /** Signs in to an existing account. A guest's records move into it too. `TWO_FACTOR_REQUIRED`: once more, with the code. */
  signIn(input: { email: string; password: string; code?: string }): Promise<Result<void, FailureCode>>;
  /** Ends the session at once here and as soon as there is a network at the server, shows another account that is signed in here, closes the database and forgets the keys; what was written stays on the device, sealed. With `forget` the local copy is deleted. */
  signOut(options?: { forget?: boolean }): Promise<void>;
  /** Drops keys and opened values in every tab. */
  lock(): Promise<void>;
  /** Opens a locked vault by the password; works without a network where it was typed here before. `TWO_FACTOR_REQUIRED`: once more, with the code. */
  unlock(password: string, code?: string): Promise<Result<void, FailureCode>>;
  /** 24 words that open the account when everything else is lost; counts only after `confirmRecoveryCode`. */
  newRecoveryCode(): Promise<readonly string[]>;
  /** Stores the wrap of a recovery code that the person has typed again. */
  confirmRecoveryCode(words: readonly string[]): Promise<Result<void, FailureCode>>;
  /** Changes the profile here at once; the server hears of it now or at the next contact. Only what it refuses for good fails. Of a guest only the name is kept. */
  changeProfile(patch: ProfilePatch): Promise<Result<Delivery, FailureCode>>;
  /** The first screens are finished, of an account or a guest; works without a network. */
  finishOnboarding(): Promise<void>;
  /** Reads the account again from the server: new spaces and keys. Nothing changes without a network. */
  refresh(): Promise<void>;
  /** Progress of the guest's move, or null. */
  migration(): Migration | null;
  /** Seals keys and a fresh refresh token for an extension that showed its public key. */
  pairExtension(extensionPublicB64: string): Promise<Result<{ readonly encB64: string; readonly ciphertextB64: string }, FailureCode>>;
}
