import { newId } from '@mana/shared/base/ids';
import { err, ok, type Result } from '@mana/shared/base/result';
import type { PasskeyWrap } from '@mana/shared/wire/account';
import type { Passkey, PasskeyCapability } from '@mana/shared/wire/passkeys';
import type { PasskeyConfig } from '../config.ts';
import type { Deps } from '../deps.ts';
import { failure, type Failure } from '../http/failure.ts';
import type { Caller } from '../http/route.ts';
import { findAccountNames } from './account.queries.ts';
import { deviceNameOf } from './device-name.ts';
import { newChallenge, takeChallenge } from './passkey-challenges.ts';
import { admitOptions } from './passkey-limits.ts';
import { passkeyNameOf } from './passkey-names.ts';
import {
  countPasskeys,
  deletePasskey,
  hasPassword,
  insertPasskey,
  listPasskeys,
  putPasskeyWrap,
  renamePasskey,
  type ListedPasskey,
} from './passkeys.queries.ts';
import { noteEvent, originOf } from './security-log.service.ts';
import { challengeOf, optionsToRegister, verifyNewCredential, type RegistrationResponse } from './webauthn.ts';

const maxPasskeys = 20; // one for each device and keeper of a person, and an end for whoever tries out

export const passkeyConfigOf = ({ config }: Pick<Deps, 'config'>): Result<PasskeyConfig, Failure> =>
  config.passkeys ? ok(config.passkeys) : err(failure('PASSKEY_NOT_ENABLED'));

/** What a page may offer; it is asked once, before a button is shown. */
export function passkeyCapability({ config }: Pick<Deps, 'config'>): PasskeyCapability {
  const enabled = config.passkeys !== undefined;
  return { enabled, rpId: config.passkeys?.rpId ?? '', conditionalUi: enabled, prf: enabled };
}

export interface Question {
  readonly options: unknown;
  readonly cookie: string;
}

/** Options for a new passkey of the account. */
export async function askToRegister(deps: Deps, caller: Caller, request: Request): Promise<Result<Question, Failure>> {
  const config = passkeyConfigOf(deps);
  if (!config.ok) return config;
  const admitted = await admitOptions(deps, request);
  if (!admitted.ok) return admitted;
  const { accountId } = caller;
  const owner = await deps.db.as({ role: 'app', account: accountId }, async (transaction) => {
    const account = await findAccountNames(transaction, accountId);
    return account && { ...account, accountId, has: await listPasskeys(transaction, accountId) };
  });
  if (!owner) return err(failure('UNAUTHORIZED'));
  if (owner.has.length >= maxPasskeys) return err(failure('CONFLICT'));
  const { challenge, cookie } = await newChallenge(deps, request, `register ${accountId}`);
  return ok({ options: await optionsToRegister(config.value, owner, challenge), cookie });
}

/** Keeps a new passkey, after its authenticator has answered the question. */
export async function registerPasskey(
  deps: Deps,
  caller: Caller,
  { response, request }: { response: RegistrationResponse; request: Request },
): Promise<Result<Passkey, Failure>> {
  const config = passkeyConfigOf(deps);
  if (!config.ok) return config;
  const { accountId } = caller;
  const challenge = await takeChallenge(deps, request, { challenge: challengeOf(response), use: `register ${accountId}` });
  if (!challenge.ok) return challenge;
  const credential = await verifyNewCredential(config.value, response, challenge.value);
  if (!credential) return err(failure('PASSKEY_VERIFICATION_FAILED'));
  const passkey = {
    ...credential,
    id: newId(deps),
    accountId,
    name: passkeyNameOf(credential.aaguid, deviceNameOf(request.headers.get('user-agent') ?? '')),
    transports: response.response.transports ?? [],
    createdAtMs: deps.clock.nowMs(),
  };
  const kept = await deps.db.as({ role: 'app', account: accountId }, async (transaction) => {
    if ((await countPasskeys(transaction, accountId)) >= maxPasskeys) return undefined;
    await noteEvent(deps, transaction, { accountId, event: 'PASSKEY_REGISTERED', origin: originOf(request) });
    return insertPasskey(transaction, passkey);
  });
  return kept ? ok(describe(kept)) : err(failure('CONFLICT'));
}

/** The account's passkeys, oldest first. */
export async function describePasskeys({ db }: Pick<Deps, 'db'>, { accountId }: Caller): Promise<Passkey[]> {
  const rows = await db.as({ role: 'app', account: accountId }, (transaction) => listPasskeys(transaction, accountId));
  return rows.map(describe);
}

function describe({ createdAtMs, lastUsedAtMs, ...passkey }: ListedPasskey): Passkey {
  const { id, credentialId, name, aaguid, transports, backedUp, opensVault } = passkey;
  const lastUsedAt = lastUsedAtMs === null ? null : new Date(lastUsedAtMs).toISOString();
  return { id, credentialId, name, aaguid, transports, backedUp, opensVault, createdAt: new Date(createdAtMs).toISOString(), lastUsedAt };
}

/** Gives a passkey another name. */
export async function rename(
  { db }: Pick<Deps, 'db'>,
  { accountId }: Caller,
  to: { id: string; name: string },
): Promise<Result<void, Failure>> {
  const renamed = await db.as({ role: 'app', account: accountId }, (transaction) =>
    renamePasskey(transaction, { accountId, id: to.id }, to.name),
  );
  return renamed ? ok(undefined) : err(failure('NOT_FOUND'));
}

/** Keeps the account key sealed under what a passkey answers. */
export async function keepWrap(
  { db }: Pick<Deps, 'db'>,
  { accountId }: Caller,
  { id, wrap }: { id: string; wrap: PasskeyWrap },
): Promise<Result<void, Failure>> {
  const put = await db.as({ role: 'app', account: accountId }, (transaction) => putPasskeyWrap(transaction, { accountId, id }, wrap));
  return put ? ok(undefined) : err(failure('NOT_FOUND'));
}

/** Removes a passkey with its wrap, unless it is the last way into the account. */
export async function remove(
  deps: Deps,
  { accountId }: Caller,
  { id, request }: { id: string; request: Request },
): Promise<Result<void, Failure>> {
  const mayBeLast = await deps.db.as({ role: 'auth' }, (transaction) => hasPassword(transaction, accountId));
  return deps.db.as({ role: 'app', account: accountId }, async (transaction) => {
    if (await deletePasskey(transaction, { accountId, id }, mayBeLast)) {
      await noteEvent(deps, transaction, { accountId, event: 'PASSKEY_REMOVED', origin: originOf(request) });
      return ok(undefined);
    }
    const isThere = (await listPasskeys(transaction, accountId)).some((passkey) => passkey.id === id);
    return err(failure(isThere ? 'CONFLICT' : 'NOT_FOUND'));
  });
}
