import { bytesToB64Url } from '@mana/shared/base/bytes';
import { newId } from '@mana/shared/base/ids';
import { err, ok, type Result } from '@mana/shared/base/result';
import { answerLogin, provesPassword } from '@mana/shared/crypto/opaque-server';
import type { Account, loginFinishRequestSchema, loginStartRequestSchema } from '@mana/shared/wire/account';
import { z } from 'zod';
import { become, type Transaction } from '../db/database.ts';
import type { Deps } from '../deps.ts';
import { readCookie } from '../http/cookies.ts';
import { failure, type Failure } from '../http/failure.ts';
import { findAccount, findCredential, probeSignIn } from './account.queries.ts';
import { addressKeyOf, normalisedEmail, unknownIdentifier } from './address.ts';
import { closeAttempt } from './attempts.queries.ts';
import { openText, sealText } from './sealed-text.ts';
import { startSession, type Handover } from './sessions.service.ts';
import { closeRejected, closeSucceeded, openAttempt } from './throttle.service.ts';

const attemptSchema = z.object({ id: z.string(), key: z.string(), account: z.string().nullable(), state: z.string() });
type Attempt = z.infer<typeof attemptSchema>;

const markBytes = 8; // tells a person's own browsers apart

type StartBody = z.output<typeof loginStartRequestSchema>;
type FinishBody = z.output<typeof loginFinishRequestSchema>;

/** An address seen from this browser counts apart from the rest of the world, so that strangers cannot lock its owner out. */
async function throttleKeyOf(deps: Deps, email: string, request: Request): Promise<string> {
  const addressKey = addressKeyOf(deps.secrets, email);
  const mark = readCookie(deps.config, request, 'known');
  const known = mark ? await openText(deps.secrets, 'known', mark) : undefined;
  const parsed = z.object({ key: z.literal(addressKey), device: z.string() }).safeParse(known);
  return parsed.success ? `${addressKey}.${parsed.data.device}` : addressKey;
}

/** The mark by which a browser that has signed in is recognised. */
export const knownMark = (deps: Deps, email: string): Promise<string> =>
  sealText(deps, 'known', { key: addressKeyOf(deps.secrets, email), device: bytesToB64Url(deps.random.bytes(markBytes)) });

/** First half of a sign-in; known and unknown addresses take the same path. */
export async function startSignIn(
  deps: Deps,
  body: StartBody,
  request: Request,
): Promise<Result<{ attempt: string; loginResponse: string }, Failure>> {
  const id = newId(deps);
  const key = await throttleKeyOf(deps, body.email, request);
  const opened = await deps.db.as({ role: 'auth' }, async (transaction) => {
    await probeEverything(transaction);
    const credential = await findCredential(transaction, normalisedEmail(body.email));
    const accountId = credential?.accountId ?? null;
    const open = await openAttempt(transaction, deps.trouble, { id, throttleKey: key, accountId, nowMs: deps.clock.nowMs() });
    return open.ok ? ok(credential) : open;
  });
  if (!opened.ok) return opened;
  const credential = opened.value;
  const answer = await answerLogin({
    serverSetup: deps.secrets.opaqueServerSetup,
    userIdentifier: credential?.accountId ?? unknownIdentifier(deps.secrets, body.email),
    registrationRecord: credential?.registrationRecord ?? null,
    startLoginRequest: body.startLoginRequest,
  });
  if (!answer) return malformed('startLoginRequest');
  const content: Attempt = { id, key, account: credential?.accountId ?? null, state: answer.serverLoginState };
  return ok({ attempt: await sealText(deps, 'login', content), loginResponse: answer.loginResponse });
}

export interface SignedInAccount {
  readonly account: Account;
  readonly handover: Handover;
}

/** Second half: proves the password, closes the attempt and starts a session, in one transaction. */
export async function finishSignIn(deps: Deps, body: FinishBody, request: Request): Promise<Result<SignedInAccount, Failure>> {
  const attempt = await readAttempt(deps, body.attempt);
  if (!attempt) return err(failure('TOKEN_INVALID'));
  const { account: accountId } = attempt;
  const proven = await provesPassword({ serverLoginState: attempt.state, finishLoginRequest: body.finishLoginRequest });
  if (!proven || accountId === null) return rejectAttempt(deps, attempt);
  const closing = { id: attempt.id, throttleKey: attempt.key, nowMs: deps.clock.nowMs() };
  return orInfra(deps, attempt, () =>
    deps.db.as({ role: 'auth' }, async (transaction) => {
      if (!(await closeSucceeded(transaction, closing))) return err(failure('TOKEN_EXPIRED'));
      const handover = await startSession(deps, transaction, { accountId, client: body.client, request });
      await become(transaction, { role: 'app', account: accountId });
      const account = await findAccount(transaction, accountId);
      return account ? ok({ account, handover }) : err(failure('INVALID_CREDENTIALS'));
    }),
  );
}

/** The client found the password wrong, and says so. */
export async function abandonSignIn(deps: Deps, sealedAttempt: string): Promise<Result<never, Failure>> {
  const attempt = await readAttempt(deps, sealedAttempt);
  return attempt ? rejectAttempt(deps, attempt) : err(failure('INVALID_CREDENTIALS'));
}

async function rejectAttempt(deps: Deps, { id, key, ...rest }: Attempt): Promise<Result<never, Failure>> {
  const closing = { id, throttleKey: key, nowMs: deps.clock.nowMs() };
  await orInfra(deps, { id, key, ...rest }, () =>
    deps.db.as({ role: 'auth' }, async (transaction) => {
      await probeEverything(transaction);
      await closeRejected(transaction, closing);
    }),
  );
  return err(failure('INVALID_CREDENTIALS'));
}

/** What the server's own trouble cut off is no wrong guess. */
async function orInfra<Value>(deps: Deps, { id }: Attempt, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (thrown) {
    deps.trouble.note();
    const close = { id, state: 'infra' as const, nowMs: deps.clock.nowMs(), openedAfterMs: 0 };
    // If this cannot be written either, the noted trouble settles the attempt later.
    await deps.db.as({ role: 'auth' }, (transaction) => closeAttempt(transaction, close)).catch(() => undefined);
    throw thrown;
  }
}

async function probeEverything(transaction: Transaction): Promise<void> {
  await become(transaction, { role: 'nobody' });
  await probeSignIn(transaction, 'after');
  await become(transaction, { role: 'auth' });
  await probeSignIn(transaction, 'before');
}

async function readAttempt(deps: Deps, sealed: string): Promise<Attempt | undefined> {
  const parsed = attemptSchema.safeParse(await openText(deps.secrets, 'login', sealed));
  return parsed.success ? parsed.data : undefined;
}

const malformed = (path: string) => err(failure('VALIDATION', { issues: [{ path, message: 'is malformed' }] }));
