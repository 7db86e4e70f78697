import { b64ToBytes } from '@mana/shared/base/bytes';
import { err, ok, type Result } from '@mana/shared/base/result';
import { sealChallenge } from '@mana/shared/crypto/account-proof';
import type { KeyProof, KeyProofPurpose } from '@mana/shared/wire/key-proof';
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Deps } from '../deps.ts';
import { failure, type Failure } from '../http/failure.ts';
import { findPublicIdentity } from './password.queries.ts';
import { openText, sealText } from './sealed-text.ts';

const challengeBytes = 32;
const lifeMs = 60_000;

const attemptSchema = z.object({ account: z.string(), purpose: z.string(), digest: z.string(), startedAtMs: z.number() });

const digestOf = (challenge: Uint8Array): string => createHash('sha256').update(challenge).digest('base64url');

/** A challenge that only the holder of the account key can open. */
export async function startKeyProof(
  deps: Deps,
  accountId: string,
  purpose: KeyProofPurpose,
): Promise<Result<{ attempt: string; sealed: { encB64: string; ciphertextB64: string } }, Failure>> {
  const identity = await deps.db.as({ role: 'app', account: accountId }, (transaction) => findPublicIdentity(transaction, accountId));
  if (!identity) return err(failure('UNAUTHORIZED'));
  const challenge = deps.random.bytes(challengeBytes);
  const sealed = await sealChallenge({ account: accountId, purpose, sealingPublicB64: identity.sealingPublicB64 }, challenge);
  const content = { account: accountId, purpose, digest: digestOf(challenge), startedAtMs: deps.clock.nowMs() };
  return ok({ attempt: await sealText(deps, 'key-proof', content), sealed });
}

/** Whether the caller holds the account key: for acts that a stolen cookie must not be able to do. */
export async function checkKeyProof(
  deps: Deps,
  { accountId, purpose }: { accountId: string; purpose: KeyProofPurpose },
  proof: KeyProof,
): Promise<Result<void, Failure>> {
  const parsed = attemptSchema.safeParse(await openText(deps.secrets, 'key-proof', proof.attempt));
  if (!parsed.success || parsed.data.account !== accountId || parsed.data.purpose !== purpose) return err(failure('TOKEN_INVALID'));
  if (deps.clock.nowMs() - parsed.data.startedAtMs > lifeMs) return err(failure('TOKEN_EXPIRED'));
  return digestOf(bytesOf(proof.answerB64)) === parsed.data.digest ? ok(undefined) : err(failure('FORBIDDEN'));
}

function bytesOf(textB64: string): Uint8Array {
  try {
    return b64ToBytes(textB64);
  } catch {
    return new Uint8Array(0);
  }
}
