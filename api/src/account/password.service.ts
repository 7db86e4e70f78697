import { err, ok, type Result } from '@mana/shared/base/result';
import { answerLogin, answerRegistration, provesPassword } from '@mana/shared/crypto/opaque-server';
import type { passwordFinishRequestSchema, passwordStartRequestSchema } from '@mana/shared/wire/password';
import type { z } from 'zod';
import type { Deps } from '../deps.ts';
import { failure, type Failure } from '../http/failure.ts';
import type { Caller } from '../http/route.ts';
import { openGuess, orInfra, readGuess, rejectGuess, sealGuess } from './guess.service.ts';
import { deleteOtherSessions, findEmail, replacePassword } from './password.queries.ts';
import { noteEvent, originOf } from './security-log.service.ts';
import { closeSucceeded } from './throttle.service.ts';

type StartBody = z.output<typeof passwordStartRequestSchema>;
type FinishBody = z.output<typeof passwordFinishRequestSchema>;

interface ChangeCall<Body> {
  readonly body: Body;
  readonly caller: Caller;
  readonly request: Request;
}

export const malformed = (path: string, message = 'is malformed') => err(failure('VALIDATION', { issues: [{ path, message }] }));

/** First half of a change: answers both the old password's proof and the new one's registration. */
export async function startPasswordChange(
  deps: Deps,
  { body, caller, request }: ChangeCall<StartBody>,
): Promise<Result<{ attempt: string; loginResponse: string; registrationResponse: string }, Failure>> {
  const { accountId } = caller;
  const email = await deps.db.as({ role: 'app', account: accountId }, (transaction) => findEmail(transaction, accountId));
  if (email === undefined) return err(failure('UNAUTHORIZED'));
  const opened = await openGuess(deps, email, request);
  if (!opened.ok) return opened;
  const { guess, credential } = opened.value;
  const serverSetup = deps.secrets.opaqueServerSetup;
  const login = await answerLogin({
    serverSetup,
    userIdentifier: accountId,
    registrationRecord: credential?.registrationRecord ?? null,
    startLoginRequest: body.startLoginRequest,
  });
  const registrationResponse = await answerRegistration({
    serverSetup,
    userIdentifier: accountId,
    registrationRequest: body.registrationRequest,
  });
  if (!login) return malformed('startLoginRequest');
  if (registrationResponse === undefined) return malformed('registrationRequest');
  const attempt = await sealGuess(deps, 'password', { ...guess, state: login.serverLoginState });
  return ok({ attempt, loginResponse: login.loginResponse, registrationResponse });
}

/** Second half: record and wrap are exchanged and every other session ends, all or nothing. */
export async function finishPasswordChange(deps: Deps, { body, caller, request }: ChangeCall<FinishBody>): Promise<Result<void, Failure>> {
  const { accountId } = caller;
  const guess = await readGuess(deps, 'password', body.attempt);
  if (!guess || guess.account !== accountId) return err(failure('TOKEN_INVALID'));
  if (body.wrap.kind !== 'password') return malformed('wrap.kind', 'must be password');
  const proven = await provesPassword({ serverLoginState: guess.state, finishLoginRequest: body.finishLoginRequest });
  if (!proven) return rejectGuess(deps, guess, { request });
  const nowMs = deps.clock.nowMs();
  const { registrationRecord, wrap } = body;
  const ended = await orInfra(deps, { guess, request }, () =>
    deps.db.as({ role: 'auth' }, async (transaction) => {
      if (!(await closeSucceeded(transaction, { id: guess.id, throttleKey: guess.key, nowMs }))) return err(failure('TOKEN_EXPIRED'));
      await replacePassword(transaction, { accountId, registrationRecord, wrap, nowMs });
      await noteEvent(deps, transaction, { accountId, event: 'PASSWORD_CHANGED', origin: originOf(request) });
      return ok(await deleteOtherSessions(transaction, accountId, caller.sessionId));
    }),
  );
  if (!ended.ok) return ended;
  ended.value.forEach((id) => deps.live.endSession(id));
  return ok(undefined);
}
