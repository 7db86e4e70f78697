import { bytesToB64, textToBytes, b64ToBytes } from '@mana/shared/base/bytes';
import { err, ok, type Result } from '@mana/shared/base/result';
import { sealForRecovery, verifiesRecovery } from '@mana/shared/crypto/account-proof';
import { answerRegistration } from '@mana/shared/crypto/opaque-server';
import type { recoveryBundleSchema, recoveryFinishRequestSchema, recoveryStartRequestSchema } from '@mana/shared/wire/password';
import type { z } from 'zod';
import { become } from '../db/database.ts';
import type { Deps } from '../deps.ts';
import { failure, type Failure } from '../http/failure.ts';
import { findAccount } from './account.queries.ts';
import { unknownIdentifier } from './address.ts';
import { openGuess, orInfra, readGuess, rejectGuess, sealGuess } from './guess.service.ts';
import { deleteOtherSessions, findPublicIdentity, findRecovery, replacePassword } from './password.queries.ts';
import { malformed } from './password.service.ts';
import { noteEvent, originOf } from './security-log.service.ts';
import { startSession } from './sessions.service.ts';
import type { SignedInAccount } from './sign-in.service.ts';
import { closeSucceeded } from './throttle.service.ts';

type StartBody = z.output<typeof recoveryStartRequestSchema>;
type FinishBody = z.output<typeof recoveryFinishRequestSchema>;
type Bundle = z.output<typeof recoveryBundleSchema>;

const challengeBytes = 32;
/** Longer than any bundle: what is sealed has one length, whether it is one or noise. */
const bundleLength = 2048;
const publicKeyBytes = 32; // any 32 bytes are a public key of X25519

/**
 * First half: what opens the account, sealed to the public key of its recovery code. An address without account or code gets noise
 * of the same length, so that only the holder of a code learns anything.
 */
export async function startRecovery(
  deps: Deps,
  body: StartBody,
  request: Request,
): Promise<Result<{ attempt: string; registrationResponse: string; sealed: { encB64: string; ciphertextB64: string } }, Failure>> {
  const opened = await openGuess(deps, body.email, request);
  if (!opened.ok) return opened;
  const { guess } = opened.value;
  const { account } = guess;
  const registrationResponse = await answerRegistration({
    serverSetup: deps.secrets.opaqueServerSetup,
    userIdentifier: account ?? unknownIdentifier(deps.secrets, body.email),
    registrationRequest: body.registrationRequest,
  });
  if (registrationResponse === undefined) return malformed('registrationRequest');
  const found = await deps.db.as({ role: 'app', account: account ?? guess.id }, (transaction) =>
    findRecovery(transaction, account ?? guess.id),
  );
  const challengeB64 = bytesToB64(deps.random.bytes(challengeBytes));
  const bundle: Bundle | Record<string, never> =
    found && account !== null ? { accountId: account, wrap: found.wrap, identity: found.identity, challengeB64 } : {};
  const openerPublic = found ? b64ToBytes(found.publicB64) : deps.random.bytes(publicKeyBytes);
  const sealed = await sealForRecovery(openerPublic, textToBytes(JSON.stringify(bundle).padEnd(bundleLength)));
  const attempt = await sealGuess(deps, 'recovery', { ...guess, state: challengeB64 });
  return ok({ attempt, registrationResponse, sealed });
}

/** Second half: the identity's signature proves that the account key was opened; then the new password stands and all sessions end. */
export async function finishRecovery(deps: Deps, body: FinishBody, request: Request): Promise<Result<SignedInAccount, Failure>> {
  const guess = await readGuess(deps, 'recovery', body.attempt);
  if (!guess) return err(failure('TOKEN_INVALID'));
  if (body.wrap.kind !== 'password') return malformed('wrap.kind', 'must be password');
  const { account: accountId } = guess;
  if (accountId === null || !(await provesAccountKey(deps, { accountId, challengeB64: guess.state, body })))
    return rejectGuess(deps, guess, { request });
  const nowMs = deps.clock.nowMs();
  const { registrationRecord, wrap } = body;
  return orInfra(deps, { guess, request }, async () => {
    const recovered = await deps.db.as({ role: 'auth' }, async (transaction) => {
      if (!(await closeSucceeded(transaction, { id: guess.id, throttleKey: guess.key, nowMs }))) return err(failure('TOKEN_EXPIRED'));
      await replacePassword(transaction, { accountId, registrationRecord, wrap, nowMs });
      await noteEvent(deps, transaction, { accountId, event: 'RECOVERY_USED', origin: originOf(request) });
      const ended = await deleteOtherSessions(transaction, accountId, undefined);
      const handover = await startSession(deps, transaction, { accountId, client: 'web', request });
      await become(transaction, { role: 'app', account: accountId });
      const account = await findAccount(transaction, accountId);
      return account ? ok({ ended, signedIn: { account, handover } }) : err(failure('INTERNAL'));
    });
    if (!recovered.ok) return recovered;
    recovered.value.ended.forEach((id) => deps.live.endSession(id));
    return ok(recovered.value.signedIn);
  });
}

async function provesAccountKey(
  deps: Deps,
  { accountId, challengeB64, body }: { accountId: string; challengeB64: string; body: FinishBody },
): Promise<boolean> {
  const identity = await deps.db.as({ role: 'app', account: accountId }, (transaction) => findPublicIdentity(transaction, accountId));
  if (!identity) return false;
  return verifiesRecovery(identity.signingPublicB64, body.signatureB64, {
    account: accountId,
    challengeB64,
    registrationRecord: body.registrationRecord,
    wrapIvB64: body.wrap.ivB64,
    wrapCiphertextB64: body.wrap.ciphertextB64,
  });
}
