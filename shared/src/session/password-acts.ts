import * as z from 'zod/mini';
import { bytesToB64 } from '#base/bytes.ts';
import { err, ok, type Result } from '#base/result.ts';
import { challengeInfo } from '#crypto/account-proof.ts';
import { hpkeOpen } from '#crypto/hpke.ts';
import { openIdentity, wipeIdentity } from '#crypto/identity.ts';
import { isWeakPassword } from '#crypto/password-strength.ts';
import { wipe } from '#crypto/primitives.ts';
import { sealOffline, sealWrap } from '#crypto/wraps.ts';
import { paths } from '#wire/endpoints.ts';
import type { FailureCode } from '#wire/failures.ts';
import { keyProofStartAnswerSchema, type KeyProof, type KeyProofPurpose } from '#wire/key-proof.ts';
import { passwordStartAnswerSchema } from '#wire/password.ts';
import { enter } from './account-acts.ts';
import { callApi, type ApiDeps } from './api-call.ts';
import { currentEntry } from './device-acts.ts';
import { openKey, type OpenKey } from './open-key.ts';
import { recoverAccount, type RecoverInput } from './recover-account.ts';
import type { SessionCore } from './session-core.ts';
import type { SessionParts } from './session-parts.ts';
import { withWrap } from './signed-in-entries.ts';
import { withEntry } from './vault-entries.ts';

type Done = Promise<Result<void, FailureCode>>;

const apiOf = ({ baseUrl, fetch, client }: SessionParts): ApiDeps => ({ baseUrl, fetch, cookies: client === 'web' });

/** Changes the password of the open account. */
export async function changePassword(core: SessionCore, input: { current: string; next: string }): Done {
  const entry = await currentEntry(core);
  if (!entry) return err('UNAUTHORIZED');
  if (isWeakPassword(input.next, entry.account.email)) return err('WEAK_PASSWORD');
  const opened = await openKey(core);
  if (!opened) return err('UNAUTHORIZED');
  const changed = await exchange(core, opened, input);
  wipe(opened.accountKey);
  return changed;
}

async function exchange(
  core: SessionCore,
  { accountId, accountKey, token }: OpenKey,
  { current, next }: { current: string; next: string },
): Done {
  const { platform, random, api } = core.parts;
  const call = { method: 'POST', credential: token } as const;
  const opaque = await import('#crypto/opaque-client.ts');
  const [login, registration] = [await opaque.startLogin(current), await opaque.startRegistration(next)];
  const body = { startLoginRequest: login.request, registrationRequest: registration.request };
  const answer = await callApi(apiOf(core.parts), { ...call, path: paths.passwordStart, answer: passwordStartAnswerSchema, body });
  if (!answer.ok) return answer;
  const { attempt, loginResponse, registrationResponse } = answer.value;
  const proven = opaque.finishLogin({ password: current, state: login.state, response: loginResponse });
  if (!proven) {
    const abandoned = await api.loginAbandon({ attempt });
    return err(abandoned.ok ? 'INVALID_CREDENTIALS' : abandoned.error);
  }
  wipe(proven.exportKey);
  const registered = opaque.finishRegistration({ password: next, state: registration.state, response: registrationResponse });
  if (!registered) return err('INTERNAL');
  const wrap = await sealWrap({ kind: 'password', account: accountId, secret: registered.exportKey }, accountKey, random);
  wipe(registered.exportKey);
  const finished = await callApi(apiOf(core.parts), {
    ...call,
    path: paths.passwordFinish,
    answer: z.unknown(),
    body: { attempt, finishLoginRequest: proven.proof, registrationRecord: registered.record, wrap },
  });
  if (!finished.ok) return finished;
  const { keys } = await platform.vault.read();
  const offlineWrap = await sealOffline({ account: accountId, password: next, deviceMacKey: keys.mac }, accountKey, random);
  await platform.vault.update((state) => withEntry(withWrap(state, accountId, wrap), accountId, (entry) => ({ ...entry, offlineWrap })));
  return ok(undefined);
}

/** Takes over an account by its recovery code and enters it. */
export async function recover(core: SessionCore, input: RecoverInput): Done {
  const keys = await recoverAccount({ ...core.parts, calls: apiOf(core.parts) }, input);
  return keys.ok ? enter(core, keys.value, input.password) : keys;
}

/** Opens the server's challenge by the open account's identity. */
export async function proveKey(core: SessionCore, purpose: KeyProofPurpose): Promise<Result<KeyProof, FailureCode>> {
  const opened = await openKey(core);
  const entry = await currentEntry(core);
  if (!opened || !entry) return err('UNAUTHORIZED');
  const { accountId, accountKey, token } = opened;
  const identity = await openIdentity(accountId, accountKey, entry.account.identity);
  wipe(accountKey);
  if (!identity) return err('INTERNAL');
  const answer = await callApi(apiOf(core.parts), {
    method: 'POST',
    path: paths.keyProof,
    answer: keyProofStartAnswerSchema,
    body: { purpose },
    credential: token,
  });
  const challenge = answer.ok
    ? await hpkeOpen({ recipientPrivate: identity.sealingPrivate, info: challengeInfo(accountId, purpose) }, answer.value.sealed)
    : undefined;
  wipeIdentity(identity);
  if (!answer.ok) return answer;
  return challenge ? ok({ attempt: answer.value.attempt, answerB64: bytesToB64(challenge) }) : err('INTERNAL');
}
