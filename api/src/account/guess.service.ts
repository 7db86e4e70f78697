import { bytesToB64Url } from '@mana/shared/base/bytes';
import { newId } from '@mana/shared/base/ids';
import { err, ok, type Result } from '@mana/shared/base/result';
import type { FailureCode } from '@mana/shared/wire/failures';
import { z } from 'zod';
import { become, type Transaction } from '../db/database.ts';
import type { Deps } from '../deps.ts';
import { readCookie } from '../http/cookies.ts';
import { failure, type Failure } from '../http/failure.ts';
import { findCredential, probeSignIn, type Credential } from './account.queries.ts';
import { addressKeyOf, normalisedEmail } from './address.ts';
import { closeAttempt } from './attempts.queries.ts';
import { openText, sealText } from './sealed-text.ts';
import { noteEvent, originOf } from './security-log.service.ts';
import { closeRejected, openAttempt } from './throttle.service.ts';
import { findPendingCredential } from './verification.service.ts';

/**
 * [Note: guesses] Everything that a stranger could try by guessing (a password, a code) is an attempt: opened before anything is
 * answered, closed once. Silence counts as a wrong guess, the server's own trouble never does.
 */

const guessSchema = z.object({ id: z.string(), key: z.string(), account: z.string(), known: z.number(), state: z.string() });

/** An attempt between its two requests, as the client carries it. */
export interface Guess {
  readonly id: string;
  readonly key: string;
  /** Null where nobody has this address. */
  readonly account: string | null;
  /** What the second half needs. */
  readonly state: string;
}

/** For what an attempt was opened: one of a kind cannot be finished as another. */
export type GuessPurpose = 'login' | 'password' | 'recovery';

const noAccount = '00000000-0000-0000-0000-000000000000';
const markBytes = 8; // tells a person's own browsers apart

/** An address seen from this browser counts apart from the rest of the world, so that strangers cannot lock its owner out. */
async function throttleKeyOf(deps: Deps, email: string, request: Request): Promise<string> {
  const addressKey = addressKeyOf(deps.secrets, email);
  const mark = readCookie(deps.config, request, knownName(deps, email));
  const known = mark ? await openText(deps.secrets, 'known', mark) : undefined;
  const parsed = z.object({ key: z.literal(addressKey), device: z.string() }).safeParse(known);
  return parsed.success ? `${addressKey}.${parsed.data.device}` : addressKey;
}

/** Whether this browser has signed in to the address before. */
export const isKnownDevice = async (deps: Deps, email: string, request: Request): Promise<boolean> =>
  (await throttleKeyOf(deps, email, request)) !== addressKeyOf(deps.secrets, email);

/** Name of the cookie with the mark: one for each address, which it does not tell. */
export const knownName = ({ secrets }: Pick<Deps, 'secrets'>, email: string) => `known-${addressKeyOf(secrets, email)}` as const;

/** The mark by which a browser that has signed in is recognised. */
export const knownMark = (deps: Deps, email: string): Promise<string> =>
  sealText(deps, 'known', { key: addressKeyOf(deps.secrets, email), device: bytesToB64Url(deps.random.bytes(markBytes)) });

/** Opens an attempt on an address, unless it is locked; known and unknown addresses take the same path. */
export async function openGuess(
  deps: Deps,
  email: string,
  request: Request,
): Promise<Result<{ guess: Omit<Guess, 'state'>; credential: Credential | undefined }, Failure>> {
  const id = newId(deps);
  const key = await throttleKeyOf(deps, email, request);
  return deps.db.as({ role: 'auth' }, async (transaction) => {
    await probeEverything(transaction);
    // Asked for in any case: an address with an account takes no less time.
    const pending = await findPendingCredential(deps, transaction, email);
    const credential = (await findCredential(transaction, normalisedEmail(email))) ?? pending;
    const accountId = credential?.accountId ?? null;
    const opened = await openAttempt(transaction, deps.trouble, { id, throttleKey: key, accountId, nowMs: deps.clock.nowMs() });
    if (opened.locksNow) await noteEvent(deps, transaction, { accountId, event: 'ACCOUNT_LOCKED', origin: originOf(request) });
    return opened.result.ok ? ok({ guess: { id, key, account: accountId }, credential }) : opened.result;
  });
}

/** Seals an attempt for the client to carry; as long for an unknown address as for a known one. */
export const sealGuess = (deps: Deps, purpose: GuessPurpose, { account, ...guess }: Guess): Promise<string> =>
  sealText(deps, purpose, { ...guess, account: account ?? noAccount, known: account === null ? 0 : 1 });

export async function readGuess(deps: Deps, purpose: GuessPurpose, sealed: string): Promise<Guess | undefined> {
  const parsed = guessSchema.safeParse(await openText(deps.secrets, purpose, sealed));
  if (!parsed.success) return undefined;
  const { account, known, ...guess } = parsed.data;
  return { ...guess, account: known === 1 ? account : null };
}

/** Closes an attempt as wrong: it counts, the owner can read of it, and the failure is the caller's. */
export async function rejectGuess(
  deps: Deps,
  guess: Guess,
  { request, code = 'INVALID_CREDENTIALS' }: { request: Request; code?: FailureCode },
): Promise<Result<never, Failure>> {
  const { id, key: throttleKey, account: accountId } = guess;
  await orInfra(deps, { guess, request }, () =>
    deps.db.as({ role: 'auth' }, async (transaction) => {
      await probeEverything(transaction);
      const origin = originOf(request);
      const { closed, locksNow } = await closeRejected(transaction, { id, throttleKey, nowMs: deps.clock.nowMs() });
      if (closed) await noteEvent(deps, transaction, { accountId, event: 'LOGIN_FAILURE', origin });
      if (locksNow) await noteEvent(deps, transaction, { accountId, event: 'ACCOUNT_LOCKED', origin });
    }),
  );
  return err(failure(code));
}

/** What the server's own trouble cut off is no wrong guess. */
export async function orInfra<Value>(
  deps: Deps,
  { guess: { id, account: accountId }, request }: { guess: Guess; request: Request },
  work: () => Promise<Value>,
): Promise<Value> {
  try {
    return await work();
  } catch (thrown) {
    deps.trouble.note();
    const close = { id, state: 'infra' as const, nowMs: deps.clock.nowMs(), openedAfterMs: 0 };
    // If this cannot be written either, the noted trouble settles the attempt later.
    await deps.db.as({ role: 'auth' }, (transaction) => closeAttempt(transaction, close)).catch(() => undefined);
    const event = { accountId, event: 'SERVICE_ERROR' as const, origin: originOf(request) };
    await deps.db.as({ role: 'auth' }, (transaction) => noteEvent(deps, transaction, event)).catch(() => undefined);
    throw thrown;
  }
}

async function probeEverything(transaction: Transaction): Promise<void> {
  await become(transaction, { role: 'nobody' });
  await probeSignIn(transaction, 'after');
  await become(transaction, { role: 'auth' });
  await probeSignIn(transaction, 'before');
}
