import { bytesToB64, type Bytes } from '#base/bytes.ts';
import type { Clock } from '#base/clock.ts';
import { newId } from '#base/ids.ts';
import type { Random } from '#base/random.ts';
import { err, ok, type Result } from '#base/result.ts';
import { makeIdentity, sealSpaceKey, wipeIdentity } from '#crypto/identity.ts';
import { isWeakPassword } from '#crypto/password-strength.ts';
import { KEY_BYTES, wipe } from '#crypto/primitives.ts';
import { recoveryOpener, recoverySecret } from '#crypto/recovery-code.ts';
import { openWrap, sealWrap } from '#crypto/wraps.ts';
import { emailSchema, type Account, type Wrap } from '#wire/account.ts';
import type { FailureCode } from '#wire/failures.ts';
import type { AccountClient } from './account-client.ts';

/** What signing up and in needs. */
export interface SignInDeps {
  readonly api: AccountClient;
  readonly client: 'web' | 'extension';
  readonly clock: Clock;
  readonly random: Random;
}

/** A successful sign-in with the account key in the clear: to be sealed for the device and wiped. */
export interface SignedInKeys {
  readonly account: Account;
  readonly accountKey: Bytes;
  readonly refreshToken: string | undefined;
}

/** What a person types to make an account. */
export interface SignUpInput {
  readonly email: string;
  readonly password: string;
  readonly name?: string;
  readonly recoveryCode?: readonly string[];
}

/** What a person types to sign in. */
export interface SignInInput {
  readonly email: string;
  readonly password: string;
  /** Second step, where the account has one. */
  readonly code?: string;
}

/** The client half of the password protocol is loaded when a password is used. */
const loadOpaque = () => import('#crypto/opaque-client.ts');

function checkSignUp({ email, password, recoveryCode }: SignUpInput): Result<{ email: string; recovery: Bytes | undefined }, FailureCode> {
  const address = emailSchema.safeParse(email);
  if (!address.success) return err('VALIDATION');
  if (isWeakPassword(password, address.data)) return err('WEAK_PASSWORD');
  const recovery = recoveryCode && recoverySecret(recoveryCode);
  return recoveryCode && !recovery ? err('VALIDATION') : ok({ email: address.data, recovery });
}

/** Makes an account: its key, wraps, identity and personal space are made here and leave sealed. */
export async function register(deps: SignInDeps, input: SignUpInput): Promise<Result<SignedInKeys, FailureCode>> {
  const checked = checkSignUp(input);
  if (!checked.ok) return checked;
  const { email, recovery } = checked.value;
  const opaque = await loadOpaque();
  const start = await opaque.startRegistration(input.password);
  const answer = await deps.api.registerStart({ email, registrationRequest: start.request });
  if (!answer.ok) return answer;
  const { accountId, attempt, registrationResponse } = answer.value;
  const finished = opaque.finishRegistration({ password: input.password, state: start.state, response: registrationResponse });
  if (!finished) return err('INTERNAL');
  const made = await makeAccount(deps, { accountId, exportKey: finished.exportKey, recovery });
  const signedIn = await deps.api.registerFinish({
    attempt,
    email,
    ...(input.name === undefined || input.name.trim() === '' ? {} : { name: input.name }),
    registrationRecord: finished.record,
    ...made.body,
    client: deps.client,
  });
  if (signedIn.ok && 'account' in signedIn.value) {
    const { account, refreshToken } = signedIn.value;
    return ok({ account, accountKey: made.accountKey, refreshToken });
  }
  wipe(made.accountKey);
  return signedIn.ok ? err('EMAIL_NOT_VERIFIED') : signedIn;
}

interface NewAccountSecrets {
  readonly accountId: string;
  readonly exportKey: Bytes;
  readonly recovery: Bytes | undefined;
}

async function makeAccount({ clock, random }: SignInDeps, { accountId, exportKey, recovery }: NewAccountSecrets) {
  const accountKey = random.bytes(KEY_BYTES);
  const wraps: Wrap[] = [await sealWrap({ kind: 'password', account: accountId, secret: exportKey }, accountKey, random)];
  if (recovery) wraps.push(await sealWrap({ kind: 'recovery', account: accountId, secret: recovery }, accountKey, random));
  const { identity, open } = await makeIdentity(accountId, accountKey, random);
  const opener = recovery && (await recoveryOpener(recovery));
  const spaceId = newId({ clock, random });
  const spaceKey = random.bytes(KEY_BYTES);
  const key = await sealSpaceKey(open, { space: spaceId, epoch: 1, key: spaceKey });
  for (const secret of [exportKey, spaceKey, ...(recovery ? [recovery] : []), ...(opener ? [opener.privateKey] : [])]) wipe(secret);
  wipeIdentity(open);
  const recoveryOpenerB64 = opener && bytesToB64(opener.publicKey);
  return { accountKey, body: { wraps, identity, space: { id: spaceId, key }, ...(recoveryOpenerB64 ? { recoveryOpenerB64 } : {}) } };
}

/** Signs in: the password is proven and opens the account key, both on the device. */
export async function login(deps: SignInDeps, input: SignInInput): Promise<Result<SignedInKeys, FailureCode>> {
  const address = emailSchema.safeParse(input.email);
  if (!address.success) return err('VALIDATION');
  const opaque = await loadOpaque();
  const start = await opaque.startLogin(input.password);
  const answer = await deps.api.loginStart({ email: address.data, startLoginRequest: start.request });
  if (!answer.ok) return answer;
  const { attempt, loginResponse } = answer.value;
  const finished = opaque.finishLogin({ password: input.password, state: start.state, response: loginResponse });
  if (!finished) return abandon(deps.api, attempt);
  const signedIn = await deps.api.loginFinish({
    attempt,
    finishLoginRequest: finished.proof,
    client: deps.client,
    ...(input.code === undefined ? {} : { code: input.code }),
  });
  if (!signedIn.ok) {
    wipe(finished.exportKey);
    return signedIn;
  }
  const { account, refreshToken } = signedIn.value;
  const accountKey = await openPasswordWrap(account, finished.exportKey);
  return accountKey ? ok({ account, accountKey, refreshToken }) : err('INTERNAL');
}

/** The server counts the guess; when it cannot, that is what is said, not "wrong password". */
async function abandon(api: AccountClient, attempt: string): Promise<Result<never, FailureCode>> {
  const answer = await api.loginAbandon({ attempt });
  return err(answer.ok ? 'INVALID_CREDENTIALS' : answer.error);
}

async function openPasswordWrap(account: Account, exportKey: Bytes): Promise<Bytes | undefined> {
  const wrap = account.wraps.find(({ kind }) => kind === 'password');
  const opened = wrap && (await openWrap({ kind: 'password', account: account.id, secret: exportKey }, wrap));
  wipe(exportKey);
  return opened?.ok ? opened.value : undefined;
}
