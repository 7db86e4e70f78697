import { b64ToBytes, lengthPrefixed, type Bytes } from '#base/bytes.ts';
import { hpkeSeal, type SealedTo } from './hpke.ts';
import { verifiesEd25519 } from './primitives.ts';

/**
 * [Note: account proof] How the server recognises whoever holds an account key without ever seeing it. Either it seals a challenge to
 * a public key whose private half the account key (or the recovery code) opens, or it checks a signature of the account's identity.
 */

/** Authenticated purpose of `sealChallenge`, for whoever opens it. */
export const challengeInfo = (account: string, purpose: string): Bytes => lengthPrefixed(['mana/key-proof/1', account, purpose]);
/** Authenticated purpose of `sealForRecovery`, for whoever opens it. */
export const recoveryInfo: Bytes = lengthPrefixed(['mana/recovery/1']);

/** Seals a challenge to an account's identity, for one purpose. */
export const sealChallenge = (place: { account: string; purpose: string; sealingPublicB64: string }, challenge: Bytes): Promise<SealedTo> =>
  hpkeSeal({ recipientPublic: b64ToBytes(place.sealingPublicB64), info: challengeInfo(place.account, place.purpose) }, challenge);

/** Seals what recovery needs to the public key of a recovery code. */
export const sealForRecovery = (openerPublic: Bytes, bundle: Bytes): Promise<SealedTo> =>
  hpkeSeal({ recipientPublic: openerPublic, info: recoveryInfo }, bundle);

/** What is signed to take over an account by its recovery code: the challenge, and all that will stand afterwards. */
export interface RecoveryStatement {
  readonly account: string;
  readonly challengeB64: string;
  readonly registrationRecord: string;
  readonly wrapIvB64: string;
  readonly wrapCiphertextB64: string;
}

/** The bytes of a statement that are signed. */
export const recoveryStatementBytes = (statement: RecoveryStatement): Bytes =>
  lengthPrefixed([
    'mana/recovery-statement/1',
    statement.account,
    statement.challengeB64,
    statement.registrationRecord,
    statement.wrapIvB64,
    statement.wrapCiphertextB64,
  ]);

/** Whether a statement was signed by an identity; false for malformed base64. */
export async function verifiesRecovery(signingPublicB64: string, signatureB64: string, statement: RecoveryStatement): Promise<boolean> {
  try {
    return await verifiesEd25519(b64ToBytes(signingPublicB64), b64ToBytes(signatureB64), recoveryStatementBytes(statement));
  } catch {
    return false;
  }
}
