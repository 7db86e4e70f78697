import * as z from 'zod/mini';
import { bytesToB64, bytesToText, type Bytes } from '#base/bytes.ts';
import { err, ok, type Result } from '#base/result.ts';
import { recoveryInfo, recoveryStatementBytes } from '#crypto/account-proof.ts';
import { hpkeOpen, type SealedTo } from '#crypto/hpke.ts';
import { openIdentity, wipeIdentity } from '#crypto/identity.ts';
import { isWeakPassword } from '#crypto/password-strength.ts';
import { signEd25519, wipe } from '#crypto/primitives.ts';
import { recoveryOpener, recoverySecret } from '#crypto/recovery-code.ts';
import { openWrap, sealWrap } from '#crypto/wraps.ts';
import { emailSchema, signedInAnswerSchema } from '#wire/account.ts';
import { paths } from '#wire/endpoints.ts';
import type { FailureCode } from '#wire/failures.ts';
import { recoveryBundleSchema, recoveryStartAnswerSchema } from '#wire/password.ts';
import { callApi, type ApiDeps } from './api-call.ts';
import type { SignedInKeys, SignInDeps } from './sign-in.ts';

/** What a person types to take over an account by its recovery code. */
export interface RecoverInput {
  readonly email: string;
  readonly words: readonly string[];
  readonly password: string;
}

type RecoverDeps = SignInDeps & { readonly calls: ApiDeps };
type Bundle = z.output<typeof recoveryBundleSchema>;

/** Recovers an account: the code opens its key, the key's identity signs, and the new password stands. */
export async function recoverAccount(deps: RecoverDeps, input: RecoverInput): Promise<Result<SignedInKeys, FailureCode>> {
  const address = emailSchema.safeParse(input.email);
  const secret = recoverySecret(input.words);
  if (!address.success || !secret) return err('VALIDATION');
  if (isWeakPassword(input.password, address.data)) return err('WEAK_PASSWORD');
  const opaque = await import('#crypto/opaque-client.ts');
  const start = await opaque.startRegistration(input.password);
  const body = { email: address.data, registrationRequest: start.request };
  const answer = await callApi(deps.calls, { method: 'POST', path: paths.recoveryStart, answer: recoveryStartAnswerSchema, body });
  if (!answer.ok) return answer;
  const { attempt, registrationResponse, sealed } = answer.value;
  const opened = await openBundle(secret, sealed);
  wipe(secret);
  if (!opened) return abandon(deps, attempt);
  const registered = opaque.finishRegistration({ password: input.password, state: start.state, response: registrationResponse });
  return registered ? finish(deps, { attempt, opened, registered }) : err('INTERNAL');
}

async function abandon({ api }: RecoverDeps, attempt: string): Promise<Result<never, FailureCode>> {
  const answer = await api.loginAbandon({ attempt });
  return err(answer.ok ? 'INVALID_CREDENTIALS' : answer.error);
}

interface Finishing {
  readonly attempt: string;
  readonly opened: OpenBundle;
  readonly registered: { record: string; exportKey: Bytes };
}

async function finish(deps: RecoverDeps, { attempt, opened, registered }: Finishing): Promise<Result<SignedInKeys, FailureCode>> {
  const signed = await sign(deps, opened, registered);
  if (!signed) return err('INTERNAL');
  const body = { attempt, registrationRecord: registered.record, ...signed };
  const finished = await callApi(deps.calls, { method: 'POST', path: paths.recoveryFinish, answer: signedInAnswerSchema, body });
  if (finished.ok) return ok({ account: finished.value.account, accountKey: opened.accountKey, refreshToken: undefined });
  wipe(opened.accountKey);
  return finished;
}

interface OpenBundle {
  readonly bundle: Bundle;
  readonly accountKey: Bytes;
}

/** What the server sealed to the code, with the account key in the clear; undefined when it is not this code's. */
async function openBundle(secret: Bytes, sealed: SealedTo): Promise<OpenBundle | undefined> {
  const opener = await recoveryOpener(secret);
  const plain = await hpkeOpen({ recipientPrivate: opener.privateKey, info: recoveryInfo }, sealed);
  wipe(opener.privateKey);
  const parsed = plain && recoveryBundleSchema.safeParse(JSON.parse(bytesToText(plain)));
  if (!parsed?.success) return undefined;
  const { accountId: account, wrap } = parsed.data;
  const accountKey = await openWrap({ kind: 'recovery', account, secret }, wrap);
  return accountKey.ok ? { bundle: parsed.data, accountKey: accountKey.value } : undefined;
}

async function sign({ random }: RecoverDeps, { bundle, accountKey }: OpenBundle, registered: { record: string; exportKey: Bytes }) {
  const { accountId: account, challengeB64 } = bundle;
  const identity = await openIdentity(account, accountKey, bundle.identity);
  if (!identity) return undefined;
  const wrap = await sealWrap({ kind: 'password', account, secret: registered.exportKey }, accountKey, random);
  wipe(registered.exportKey);
  const statement = {
    account,
    challengeB64,
    registrationRecord: registered.record,
    wrapIvB64: wrap.ivB64,
    wrapCiphertextB64: wrap.ciphertextB64,
  };
  const signatureB64 = bytesToB64(await signEd25519(identity.signingPrivate, recoveryStatementBytes(statement)));
  wipeIdentity(identity);
  return { wrap, signatureB64 };
}
