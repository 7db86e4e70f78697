import { err, ok, type Result } from '@mana/shared/base/result';
import { answerLogin, provesPassword } from '@mana/shared/crypto/opaque-server';
import type { Account, loginFinishRequestSchema, loginStartRequestSchema } from '@mana/shared/wire/account';
import type { z } from 'zod';
import { become } from '../db/database.ts';
import type { Deps } from '../deps.ts';
import { failure, type Failure } from '../http/failure.ts';
import { findAccount } from './account.queries.ts';
import { unknownIdentifier } from './address.ts';
import { isPending } from './pending-sign-ups.queries.ts';
import { openGuess, orInfra, readGuess, rejectGuess, sealGuess } from './guess.service.ts';
import { tellNewDevice } from './new-device.service.ts';
import { noteEvent, originOf } from './security-log.service.ts';
import { startSession, type Handover } from './sessions.service.ts';
import { takeSecondStep } from './second-factor.service.ts';
import { closeHalfway, closeSucceeded } from './throttle.service.ts';

type StartBody = z.output<typeof loginStartRequestSchema>;
type FinishBody = z.output<typeof loginFinishRequestSchema>;

/** First half of a sign-in; known and unknown addresses take the same path. */
export async function startSignIn(
  deps: Deps,
  body: StartBody,
  request: Request,
): Promise<Result<{ attempt: string; loginResponse: string }, Failure>> {
  const opened = await openGuess(deps, body.email, request);
  if (!opened.ok) return opened;
  const { guess, credential } = opened.value;
  const answer = await answerLogin({
    serverSetup: deps.secrets.opaqueServerSetup,
    userIdentifier: credential?.accountId ?? unknownIdentifier(deps.secrets, body.email),
    registrationRecord: credential?.registrationRecord ?? null,
    startLoginRequest: body.startLoginRequest,
  });
  if (!answer) return err(failure('VALIDATION', { issues: [{ path: 'startLoginRequest', message: 'is malformed' }] }));
  const attempt = await sealGuess(deps, 'login', { ...guess, state: answer.serverLoginState });
  return ok({ attempt, loginResponse: answer.loginResponse });
}

export interface SignedInAccount {
  readonly account: Account;
  readonly handover: Handover;
}

/** Second half: proves the password, closes the attempt and starts a session, in one transaction. */
export async function finishSignIn(deps: Deps, body: FinishBody, request: Request): Promise<Result<SignedInAccount, Failure>> {
  const guess = await readGuess(deps, 'login', body.attempt);
  if (!guess) return err(failure('TOKEN_INVALID'));
  const { account: accountId } = guess;
  const proven = await provesPassword({ serverLoginState: guess.state, finishLoginRequest: body.finishLoginRequest });
  if (!proven || accountId === null) return rejectGuess(deps, guess, { request });
  const closing = { id: guess.id, throttleKey: guess.key, nowMs: deps.clock.nowMs() };
  const finished = await orInfra(deps, { guess, request }, () =>
    deps.db.as({ role: 'auth' }, async (transaction) => {
      if (deps.config.mail && (await isPending(transaction, accountId))) {
        const isClosed = await closeHalfway(transaction, closing);
        return err(failure(isClosed ? 'EMAIL_NOT_VERIFIED' : 'TOKEN_EXPIRED'));
      }
      const step = await takeSecondStep(deps, transaction, { accountId, code: body.code, request });
      if (step === 'TWO_FACTOR_FAILED') return err(failure(step));
      if (!(await (step === 'passed' ? closeSucceeded : closeHalfway)(transaction, closing))) return err(failure('TOKEN_EXPIRED'));
      if (step === 'TWO_FACTOR_REQUIRED') return err(failure(step));
      const handover = await startSession(deps, transaction, { accountId, client: body.client, request });
      await noteEvent(deps, transaction, { accountId, event: 'LOGIN_SUCCESS', origin: originOf(request) });
      await become(transaction, { role: 'app', account: accountId });
      const account = await findAccount(transaction, accountId);
      if (account) await tellNewDevice(deps, transaction, { accountId, email: account.email, request });
      return account ? ok({ account, handover }) : err(failure('INVALID_CREDENTIALS'));
    }),
  );
  const isWrongCode = !finished.ok && finished.error.code === 'TWO_FACTOR_FAILED';
  return isWrongCode ? rejectGuess(deps, guess, { request, code: 'TWO_FACTOR_FAILED' }) : finished;
}

/** The client found the password or recovery code wrong, and says so. */
export async function abandonSignIn(deps: Deps, sealedAttempt: string, request: Request): Promise<Result<never, Failure>> {
  const opened = await Promise.all((['login', 'password', 'recovery'] as const).map((purpose) => readGuess(deps, purpose, sealedAttempt)));
  const guess = opened.find(Boolean);
  return guess ? rejectGuess(deps, guess, { request }) : err(failure('INVALID_CREDENTIALS'));
}
