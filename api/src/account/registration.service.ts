import { newId } from '@mana/shared/base/ids';
import { err, ok, type Result } from '@mana/shared/base/result';
import { answerRegistration } from '@mana/shared/crypto/opaque-server';
import type { registerFinishRequestSchema, registerStartRequestSchema, Wrap } from '@mana/shared/wire/account';
import { z } from 'zod';
import { become } from '../db/database.ts';
import type { Deps } from '../deps.ts';
import { failure, type Failure } from '../http/failure.ts';
import { networkOf } from '../http/network.ts';
import { findAccount } from './account.queries.ts';
import { addressKeyOf, normalisedEmail } from './address.ts';
import { ownersOf } from './address-changes.queries.ts';
import { countHits, takeHit } from './limits.queries.ts';
import { makeAccount } from './make-account.service.ts';
import { openText, sealText } from './sealed-text.ts';
import { startSession } from './sessions.service.ts';
import { admitSignUp, takePlace } from './sign-up-cap.service.ts';
import type { SignedInAccount } from './sign-in.service.ts';
import { keepSignUp } from './verification.service.ts';

const registrationSchema = z.object({ account: z.string(), key: z.string(), startedAtMs: z.number() });

type StartBody = z.output<typeof registerStartRequestSchema>;
type FinishBody = z.output<typeof registerFinishRequestSchema>;

const registrationLifeMs = 60_000;
const takenWindowMs = 3_600_000;
const maxTaken = 10; // addresses that one network may find to be taken in that time: telling them is a way to search for people

const limitKeyOf = (request: Request): string => `taken ${networkOf(request)}`;

/** First half of a registration: the server chooses the account's id and answers the password protocol. */
export async function startRegistration(
  deps: Deps,
  body: StartBody,
  request: Request,
): Promise<Result<{ accountId: string; attempt: string; registrationResponse: string }, Failure>> {
  const nowMs = deps.clock.nowMs();
  const admitted = await deps.db.as({ role: 'auth' }, async (transaction) => {
    const taken = await countHits(transaction, limitKeyOf(request), nowMs - takenWindowMs);
    if (taken >= maxTaken) return err(failure('RATE_LIMITED', { retryAfterSec: takenWindowMs / 1_000 }));
    return admitSignUp(deps, transaction);
  });
  if (!admitted.ok) return admitted;
  const accountId = newId(deps);
  const registrationResponse = await answerRegistration({
    serverSetup: deps.secrets.opaqueServerSetup,
    userIdentifier: accountId,
    registrationRequest: body.registrationRequest,
  });
  if (!registrationResponse) return malformed('registrationRequest', 'is malformed');
  const content = { account: accountId, key: addressKeyOf(deps.secrets, body.email), startedAtMs: nowMs };
  return ok({ accountId, attempt: await sealText(deps, 'register', content), registrationResponse });
}

/** Second half: account and session, all or nothing; where mail is sent, nothing but a link on its way. */
export async function finishRegistration(
  deps: Deps,
  body: FinishBody,
  request: Request,
): Promise<Result<SignedInAccount | { mail: 'sent' }, Failure>> {
  const accountId = await readRegistration(deps, body);
  if (!accountId.ok) return accountId;
  if (!isWholeSet(body.wraps)) return malformed('wraps', 'must hold one wrap of the password and at most one of each kind');
  if (hasRecovery(body.wraps) !== (body.recoveryOpenerB64 !== undefined))
    return malformed('recoveryOpenerB64', 'must come with the wrap of a code');
  const { attempt: _, client, ...content } = body;
  const id = accountId.value;
  if (deps.config.mail) return keepSignUp(deps, { id, content }, request);
  if (await isTaken(deps, normalisedEmail(body.email), request)) return err(failure('EMAIL_ALREADY_REGISTERED'));
  return deps.db.as({ role: 'auth' }, async (transaction) => {
    const place = await takePlace(deps, transaction);
    if (!place.ok) return place;
    await makeAccount(deps, transaction, { id, content, request });
    const handover = await startSession(deps, transaction, { accountId: id, client, request });
    await become(transaction, { role: 'app', account: id });
    const account = await findAccount(transaction, id);
    return account ? ok({ account, handover }) : err(failure('INTERNAL'));
  });
}

async function readRegistration(deps: Deps, body: FinishBody): Promise<Result<string, Failure>> {
  const parsed = registrationSchema.safeParse(await openText(deps.secrets, 'register', body.attempt));
  if (!parsed.success || parsed.data.key !== addressKeyOf(deps.secrets, body.email)) return err(failure('TOKEN_INVALID'));
  if (deps.clock.nowMs() - parsed.data.startedAtMs > registrationLifeMs) return err(failure('TOKEN_EXPIRED'));
  return ok(parsed.data.account);
}

const isTaken = (deps: Deps, email: string, request: Request): Promise<boolean> =>
  deps.db.as({ role: 'auth' }, async (transaction) => {
    if ((await ownersOf(transaction, email, deps.clock.nowMs())).length === 0) return false;
    await takeHit(transaction, { limitKey: limitKeyOf(request), nowMs: deps.clock.nowMs(), windowMs: takenWindowMs });
    return true;
  });

const hasRecovery = (wraps: readonly Wrap[]): boolean => wraps.some(({ kind }) => kind === 'recovery');

function isWholeSet(wraps: readonly Wrap[]): boolean {
  const kinds = wraps.map(({ kind }) => kind);
  return kinds.includes('password') && new Set(kinds).size === kinds.length;
}

const malformed = (path: string, message: string) => err(failure('VALIDATION', { issues: [{ path, message }] }));
