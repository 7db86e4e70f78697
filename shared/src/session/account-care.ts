import type { Result } from '#base/result.ts';
import type { FailureCode } from '#wire/failures.ts';
import type { KeyProof, KeyProofPurpose } from '#wire/key-proof.ts';

/** What keeps an account in its owner's hands. */
export interface AccountCare {
  /** Changes the password; every other session ends, and nothing is encrypted again. */
  changePassword(input: { current: string; next: string }): Promise<Result<void, FailureCode>>;
  /** Takes over an account by its recovery code, with a new password. `INVALID_CREDENTIALS`: not the code of this address. */
  recover(input: { email: string; words: readonly string[]; password: string }): Promise<Result<void, FailureCode>>;
  /** Ends all sessions of a lost device and begins a new epoch in the personal space and every one that this account leads. Resolves with how many of them could not be reached. */
  loseDevice(sessions: readonly string[]): Promise<Result<{ readonly left: number }, FailureCode>>;
  /** Proves to the server that this device holds the account key, for one act. */
  proveKey(purpose: KeyProofPurpose): Promise<Result<KeyProof, FailureCode>>;
}
