import { bytesToB64Url } from '#base/bytes.ts';
import { err, ok, type Result } from '#base/result.ts';
import { wipe } from '#crypto/primitives.ts';
import { openPasskeyWrap, sealPasskeyWrap } from '#crypto/wraps.ts';
import type { Account, SignedIn } from '#wire/account.ts';
import type { FailureCode } from '#wire/failures.ts';
import type { Passkey } from '#wire/passkeys.ts';
import { credentialOf } from './credential-of.ts';
import { enter } from './account-acts.ts';
import { currentEntry } from './device-acts.ts';
import type { OpenVault } from './open-vault.ts';
import { createPasskeyClient, type PasskeyClient } from './passkey-client.ts';
import type { PasskeyAnswer, PasskeyPort, Passkeys } from './passkeys.ts';
import { refreshAccount } from './refresh-account.ts';
import type { SessionCore } from './session-core.ts';
import { openAccount } from './show-device.ts';
import { sealOpenCopy, signedInEntry, withOpened, withSignedIn } from './signed-in-entries.ts';
import { readOpenCopy, viewOf } from './vault-entries.ts';

type Answer<Value> = Promise<Result<Value, FailureCode>>;

/** A ceremony takes as long as the person does: it is never inside the order of acts, only what follows from it is. */
const challengeBytes = 32;

/** The client for calls that need nobody signed in. */
export const openClient = ({ parts }: SessionCore): PasskeyClient =>
  createPasskeyClient({ baseUrl: parts.baseUrl, fetch: parts.fetch, cookies: parts.client === 'web' });

/** The client that speaks for the open account; undefined when none is open, or it is signed out. */
export async function accountClientOf(core: SessionCore): Promise<PasskeyClient | undefined> {
  const { baseUrl, fetch, client } = core.parts;
  const opened = core.openedAccount();
  const token = opened && (await credentialOf(opened));
  return token === undefined ? undefined : createPasskeyClient({ baseUrl, fetch, cookies: client === 'web' }, token);
}

/** Whatever was wrong with a challenge, the way on is the same: ask again. */
const asPasskeyFailure = (code: FailureCode): FailureCode =>
  code === 'TOKEN_INVALID' || code === 'TOKEN_EXPIRED' ? 'PASSKEY_VERIFICATION_FAILED' : code;

/** Signs in by a passkey, and opens the vault where it answers to PRF or the device still has the key. */
export async function signInByPasskey(core: SessionCore, port: PasskeyPort, how: { autofill: boolean }): ReturnType<Passkeys['signIn']> {
  const client = openClient(core);
  const options = await client.authenticateOptions();
  if (!options.ok) return options;
  const answer = await port.ask(options.value, how);
  if (!answer.ok) return answer;
  const signedIn = await client.authenticateVerify(answer.value.response);
  if (signedIn.ok) return core.serially(() => enterByPasskey(core, signedIn.value, answer.value));
  forget(answer.value);
  return err(asPasskeyFailure(signedIn.error));
}

async function enterByPasskey(core: SessionCore, { account, refreshToken }: SignedIn, answer: PasskeyAnswer): Answer<'open' | 'locked'> {
  const { vault, line } = core.parts.platform;
  const accountKey = (await openByAnswer(account, answer)) ?? (await readOpenCopy(await vault.read(), account.id));
  if (accountKey) {
    const entered = await enter(core, { account, accountKey, refreshToken }, undefined);
    return entered.ok ? ok('open') : entered;
  }
  const entry = await signedInEntry(core.parts, await vault.read(), { account, refreshToken });
  await core.close();
  await vault.update((state) => withSignedIn(state, entry));
  line.post();
  core.become({ kind: 'locked', account: viewOf(account), lacksKey: true });
  return ok('locked');
}

/** The account key, where the passkey has a wrap and answered to PRF. */
async function openByAnswer(account: Account, answer: PasskeyAnswer) {
  const { credentialId, secret } = answer;
  const wrap = account.passkeyWraps?.find((each) => each.credentialId === credentialId);
  const opened = wrap && secret && (await openPasskeyWrap({ account: account.id, credentialId, secret }, wrap));
  forget(answer);
  return opened?.ok ? opened.value : undefined;
}

const forget = ({ secret }: PasskeyAnswer): void => void (secret && wipe(secret));

/** Opens a locked vault by a passkey: what it answers opens the wrap that this device keeps, so no server is asked. */
export async function unlockByPasskey(core: SessionCore, port: PasskeyPort): Answer<void> {
  const entry = await currentEntry(core);
  const ids = entry?.account.passkeyWraps?.map(({ credentialId }) => credentialId) ?? [];
  if (!entry || ids.length === 0) return err('PASSKEY_NOT_ENABLED');
  const answer = await port.ask(await localOptions(core, ids), { autofill: false });
  if (!answer.ok) return answer;
  const accountKey = await openByAnswer(entry.account, answer.value);
  if (!accountKey) return err('PASSKEY_VERIFICATION_FAILED');
  return core.serially(async () => {
    const { vault, line } = core.parts.platform;
    const openCopy = await sealOpenCopy(core.parts, await vault.read(), { owner: entry.account.id, accountKey });
    if (core.opened()) return ok(undefined);
    await vault.update((state) => withOpened(state, entry.account.id, { openCopy, nowMs: core.parts.clock.nowMs() }));
    line.post();
    return openAccount(core, entry.account, accountKey);
  });
}

/** Options for a question whose answer only this device judges, by what it opens. */
async function localOptions(core: SessionCore, credentialIds: readonly string[]): Promise<object> {
  const { passkeyDomain } = await core.parts.platform.vault.read();
  return {
    challenge: bytesToB64Url(core.parts.random.bytes(challengeBytes)),
    ...(passkeyDomain ? { rpId: passkeyDomain } : {}),
    allowCredentials: credentialIds.map((id) => ({ id, type: 'public-key' })),
    userVerification: 'required',
  };
}

/** Makes a passkey. Some authenticators answer to PRF only when asked again: then the person is asked twice. */
export async function addPasskey(core: SessionCore, port: PasskeyPort): Answer<Passkey> {
  const client = await accountClientOf(core);
  if (!client) return err('UNAUTHORIZED');
  const options = await client.registerOptions();
  if (!options.ok) return options;
  const made = await port.create(options.value);
  if (!made.ok) return made;
  const passkey = await client.registerVerify(made.value.response);
  if (!passkey.ok) {
    forget(made.value);
    return err(asPasskeyFailure(passkey.error));
  }
  const connected = made.value.secret
    ? await keepWrap(core, passkey.value, made.value)
    : made.value.prf && (await connectPasskey(core, port, passkey.value));
  return ok({ ...passkey.value, opensVault: connected !== false && connected.ok });
}

/** Asks a passkey for what opens the vault, and keeps the account key under it. */
export async function connectPasskey(core: SessionCore, port: PasskeyPort, passkey: Passkey): Answer<void> {
  const answer = await port.ask(await localOptions(core, [passkey.credentialId]), { autofill: false });
  return answer.ok ? keepWrap(core, passkey, answer.value) : answer;
}

async function keepWrap(core: SessionCore, passkey: Passkey, answer: PasskeyAnswer): Answer<void> {
  const { secret } = answer;
  const opened = core.openedAccount();
  const client = await accountClientOf(core);
  if (!secret) return err('PASSKEY_VERIFICATION_FAILED');
  if (!opened || !client) return err('UNAUTHORIZED');
  const wrap = await sealFor(core, opened, { credentialId: passkey.credentialId, secret });
  wipe(secret);
  if (!wrap) return err('UNAUTHORIZED');
  const put = await client.putWrap(passkey.id, wrap);
  if (!put.ok) return put;
  await refreshAccount(core);
  return ok(undefined);
}

async function sealFor(core: SessionCore, { accountId }: OpenVault, place: { credentialId: string; secret: Uint8Array<ArrayBuffer> }) {
  if (accountId === null) return undefined;
  const accountKey = await readOpenCopy(await core.parts.platform.vault.read(), accountId);
  const wrap = accountKey && (await sealPasskeyWrap({ account: accountId, ...place }, accountKey, core.parts.random));
  if (accountKey) wipe(accountKey);
  return wrap;
}
