import type { Bytes } from '#base/bytes.ts';
import type { Result } from '#base/result.ts';
import type { FailureCode } from '#wire/failures.ts';
import type { Passkey } from '#wire/passkeys.ts';

/** What a passkey answered to the browser. */
export interface PasskeyAnswer {
  /** For the server: everything but what extensions answered. */
  readonly response: unknown;
  readonly credentialId: string;
  /** For this device only: the answer to the app's PRF input; undefined where the passkey has none, or gives none when it is made. */
  readonly secret: Bytes | undefined;
  /** Whether the passkey can answer to PRF input at all. */
  readonly prf: boolean;
}

/** The browser's passkeys. `CONFLICT`: this authenticator has a passkey of the account already. */
export interface PasskeyPort {
  /** Whether pages like this one may use the domain's passkeys, and offer them in a field. */
  supports(rpId: string): Promise<{ readonly passkeys: boolean; readonly autofill: boolean }>;
  /** Makes one. */
  create(options: object): Promise<Result<PasskeyAnswer, 'PASSKEY_CANCELLED' | 'PASSKEY_VERIFICATION_FAILED' | 'CONFLICT'>>;
  /** Asks for one; with `autofill` the person chooses it in the field of the address, whenever they like. */
  ask(
    options: object,
    how: { readonly autofill: boolean },
  ): Promise<Result<PasskeyAnswer, 'PASSKEY_CANCELLED' | 'PASSKEY_VERIFICATION_FAILED'>>;
  /** Ends what is being asked. */
  cancel(): void;
}

/** What may be offered on this page. */
export interface PasskeyOffer {
  readonly passkeys: boolean;
  /** Whether passkeys may be offered in the field of the address. */
  readonly autofill: boolean;
}

/** The account's passkeys: they sign in, and most open the vault too. */
export interface Passkeys {
  /** What may be offered; the server is asked once. */
  offer(): Promise<PasskeyOffer>;
  /** Signs in; `locked`: signed in, and another way must open the vault on this device once. */
  signIn(how: { readonly autofill: boolean }): Promise<Result<'open' | 'locked', FailureCode>>;
  /** Whether a passkey can open the locked vault here; asks nobody. */
  canUnlock(): Promise<boolean>;
  /** Opens a locked vault; works without a network. */
  unlock(): Promise<Result<void, FailureCode>>;
  /** Makes one for the open account, and lets it open the vault where it can. */
  add(): Promise<Result<Passkey, FailureCode>>;
  /** Lets one that only signed in open the vault too. */
  connect(passkey: Passkey): Promise<Result<void, FailureCode>>;
  list(): Promise<Result<readonly Passkey[], FailureCode>>;
  rename(id: string, name: string): Promise<Result<void, FailureCode>>;
  remove(id: string): Promise<Result<void, FailureCode>>;
  /** Ends what is being asked of the person. */
  cancel(): void;
}
