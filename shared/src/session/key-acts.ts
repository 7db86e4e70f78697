import { err, ok, type Result } from '#base/result.ts';
import { wipe } from '#crypto/primitives.ts';
import { recoveryOpener, recoverySecret } from '#crypto/recovery-code.ts';
import { bytesToB64 } from '#base/bytes.ts';
import type { SealedTo } from '#crypto/hpke.ts';
import { sealWrap } from '#crypto/wraps.ts';
import type { FailureCode } from '#wire/failures.ts';
import { enter } from './account-acts.ts';
import { openKey } from './open-key.ts';
import { openPairingPayload, sealPairingPayload } from './pairing-payload.ts';
import type { SessionCore } from './session-core.ts';
import { withWrap } from './signed-in-entries.ts';
import { viewOf } from './vault-entries.ts';

/** Stores the wrap of a recovery code. */
export async function storeRecoveryCode(core: SessionCore, words: readonly string[]): Promise<Result<void, FailureCode>> {
  const { api, platform, random } = core.parts;
  const secret = recoverySecret(words);
  if (!secret) return err('VALIDATION');
  const opened = await openKey(core);
  if (!opened) return err('UNAUTHORIZED');
  const { accountId, accountKey, token } = opened;
  const wrap = await sealWrap({ kind: 'recovery', account: accountId, secret }, accountKey, random);
  const opener = await recoveryOpener(secret);
  for (const raw of [accountKey, secret, opener.privateKey]) wipe(raw);
  const stored = await api.putRecoveryWrap({ wrap, openerPublicB64: bytesToB64(opener.publicKey) }, token);
  if (!stored.ok) return stored;
  const device = await platform.vault.update((state) => withWrap(state, accountId, wrap));
  const state = core.state();
  const account = device.accounts[accountId]?.account;
  if (state.kind === 'open' && account) core.become({ ...state, account: viewOf(account) });
  return ok(undefined);
}

/** Seals the account key and a fresh refresh token to an extension's public key. */
export async function pairExtension(core: SessionCore, extensionPublicB64: string): Promise<Result<SealedTo, FailureCode>> {
  const opened = await openKey(core);
  if (!opened) return err('UNAUTHORIZED');
  const { accountId, accountKey, token } = opened;
  const refreshToken = await core.parts.api.pair(token);
  if (!refreshToken.ok) {
    wipe(accountKey);
    return refreshToken;
  }
  const sealed = await sealPairingPayload(extensionPublicB64, { accountId, accountKey, refreshToken: refreshToken.value });
  return sealed ? ok(sealed) : err('VALIDATION');
}

/** What an extension answers to the payload that the app sealed for it. */
export type PairingOutcome = 'ACCEPTED' | 'NOT_SEALED_FOR_US' | 'UNAVAILABLE';

/** Opens the app's payload, reads the account from the server and enters it. */
export async function acceptPairing(core: SessionCore, input: SealedTo & { readonly privateB64: string }): Promise<PairingOutcome> {
  const payload = await openPairingPayload(input.privateB64, { encB64: input.encB64, ciphertextB64: input.ciphertextB64 });
  if (!payload) return 'NOT_SEALED_FOR_US';
  const { accountId, accountKey, refreshToken } = payload;
  const tokens = await core.parts.api.token(refreshToken);
  const account = tokens.ok ? await core.parts.api.session({ accessToken: tokens.value.accessToken }) : tokens;
  if (!tokens.ok || !account.ok || account.value.id !== accountId) {
    wipe(accountKey);
    return 'UNAVAILABLE';
  }
  const entered = await enter(core, { account: account.value, accountKey, refreshToken: tokens.value.refreshToken }, undefined);
  return entered.ok ? 'ACCEPTED' : 'UNAVAILABLE';
}
