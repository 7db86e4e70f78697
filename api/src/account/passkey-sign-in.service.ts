import { err, ok, type Result } from '@mana/shared/base/result';
import { become } from '../db/database.ts';
import type { Deps } from '../deps.ts';
import { failure, type Failure } from '../http/failure.ts';
import { findAccount } from './account.queries.ts';
import { newChallenge, takeChallenge } from './passkey-challenges.ts';
import { admitOptions, admitVerification, forgetVerificationFailures, countVerificationFailure } from './passkey-limits.ts';
import { findPasskey, notePasskeyUse } from './passkeys.queries.ts';
import { passkeyConfigOf, type Question } from './passkeys.service.ts';
import { tellNewDevice } from './new-device.service.ts';
import { noteEvent, originOf } from './security-log.service.ts';
import { startSession } from './sessions.service.ts';
import type { SignedInAccount } from './sign-in.service.ts';
import { challengeOf, optionsToAuthenticate, verifyAssertion, type AssertionResponse } from './webauthn.ts';

/** Options for signing in by a passkey; whose, nobody has said yet. */
export async function askToSignIn(deps: Deps, request: Request): Promise<Result<Question, Failure>> {
  const config = passkeyConfigOf(deps);
  if (!config.ok) return config;
  const admitted = await admitOptions(deps, request);
  if (!admitted.ok) return admitted;
  const { challenge, cookie } = await newChallenge(deps, request, 'sign-in');
  return ok({ options: await optionsToAuthenticate(config.value, challenge), cookie });
}

/** Signs in whoever a passkey proves to be. The lock of the password does not hold here: nobody guesses a signature. */
export async function signInByPasskey(
  deps: Deps,
  response: AssertionResponse,
  request: Request,
): Promise<Result<SignedInAccount, Failure>> {
  const admitted = await admitVerification(deps, response.id);
  if (!admitted.ok) return admitted;
  const signedIn = await proveAndStart(deps, response, request);
  if (signedIn.ok) await forgetVerificationFailures(deps, response.id);
  else if (signedIn.error.code === 'PASSKEY_VERIFICATION_FAILED') await noteFailure(deps, response.id, request);
  return signedIn;
}

/** Counts a wrong answer, and writes it into the log of the passkey's owner, if it has one. */
const noteFailure = (deps: Deps, credentialId: string, request: Request): Promise<void> =>
  deps.db.as({ role: 'auth' }, async (transaction) => {
    await countVerificationFailure(transaction, credentialId, deps.clock.nowMs());
    const known = await findPasskey(transaction, credentialId);
    await noteEvent(deps, transaction, { accountId: known?.accountId ?? null, event: 'PASSKEY_LOGIN_FAILURE', origin: originOf(request) });
  });

async function proveAndStart(deps: Deps, response: AssertionResponse, request: Request): Promise<Result<SignedInAccount, Failure>> {
  const config = passkeyConfigOf(deps);
  if (!config.ok) return config;
  const challenge = await takeChallenge(deps, request, { challenge: challengeOf(response), use: 'sign-in' });
  if (!challenge.ok) return challenge;
  const known = await deps.db.as({ role: 'auth' }, (transaction) => findPasskey(transaction, response.id));
  const proven = known && (await verifyAssertion(config.value, { response, challenge: challenge.value, known }));
  if (!proven) return err(failure('PASSKEY_VERIFICATION_FAILED'));
  const client = isExtension(proven.origin) ? 'extension' : 'web';
  const { id, accountId } = known;
  return deps.db.as({ role: 'auth' }, async (transaction) => {
    const use = { id, counter: proven.counter, backedUp: proven.backedUp, nowMs: deps.clock.nowMs() };
    if (!(await notePasskeyUse(transaction, use))) return err(failure('PASSKEY_VERIFICATION_FAILED'));
    const handover = await startSession(deps, transaction, { accountId, client, request });
    await noteEvent(deps, transaction, { accountId, event: 'PASSKEY_LOGIN_SUCCESS', origin: originOf(request) });
    await become(transaction, { role: 'app', account: accountId });
    const account = await findAccount(transaction, accountId);
    if (account) await tellNewDevice(deps, transaction, { accountId, email: account.email, request });
    return account ? ok({ account, handover }) : err(failure('PASSKEY_VERIFICATION_FAILED'));
  });
}

/** An extension has no cookie of its own: it gets a refresh token. */
const isExtension = (origin: string): boolean => /^(chrome|moz)-extension:/.test(origin);
