import { err, ok, type Result } from '#base/result.ts';
import { openIdentity, wipeIdentity } from '#crypto/identity.ts';
import type { SpaceKey } from '#crypto/keyring.ts';
import { KEY_BYTES, wipe } from '#crypto/primitives.ts';
import { signStatement } from '#crypto/space-chain.ts';
import { keyCheck, sealSharedKey } from '#crypto/space-sharing.ts';
import type { FailureCode } from '#wire/failures.ts';
import { memberOf, type StatementMember } from '#wire/space-statement.ts';
import { openKey } from './open-key.ts';
import type { OpenVault } from './open-vault.ts';
import type { SessionCore } from './session-core.ts';
import { createSpacesClient, type SpacesClient } from './spaces-client.ts';
import { headOf, openKeys, type Judge, type TrustedSpace } from './trusted-space.ts';

/** What acting on shared spaces takes: the open account with its identity in the clear, and the way to the server. */
export interface SpaceDesk extends Judge {
  readonly core: SessionCore;
  readonly vault: OpenVault & { readonly accountId: string };
  readonly api: SpacesClient;
}

/** Opens the desk for one act, and wipes the private keys behind it. */
export async function atDesk<Value>(
  core: SessionCore,
  act: (desk: SpaceDesk) => Promise<Result<Value, FailureCode>>,
): Promise<Result<Value, FailureCode>> {
  const vault = core.openedAccount();
  const opened = vault && (await openKey(core));
  const entry = (await core.parts.platform.vault.read()).accounts[opened?.accountId ?? ''];
  if (!vault || !opened || !entry) return err('UNAUTHORIZED');
  const { account, shared: trusted = [], confirmed = [] } = entry;
  const identity = await openIdentity(account.id, opened.accountKey, account.identity);
  wipe(opened.accountKey);
  if (!identity) return err('INTERNAL');
  try {
    return await act({ core, vault, account, identity, trusted, confirmed, api: createSpacesClient(core.parts, opened.token) });
  } finally {
    wipeIdentity(identity);
  }
}

/** The trusted space of this id. */
export const spaceOf = ({ trusted }: Judge, id: string): Result<TrustedSpace, FailureCode> => {
  const found = trusted.find(({ told }) => told.id === id);
  return found ? ok(found) : err('NOT_FOUND');
};

/** What the next statement of a space says. */
export interface NextStep {
  readonly members: readonly StatementMember[];
  /** Whether a new epoch begins: with a key that nobody who is gone has seen. */
  readonly rotates: boolean;
  /** The invitation that lets somebody in. */
  readonly admits?: string;
}

/** Signs the next statement of a space and seals its keys: all epochs to newcomers, a new epoch to everybody. */
export async function signNext(desk: SpaceDesk, space: TrustedSpace, step: NextStep): Promise<Result<void, FailureCode>> {
  const head = headOf(space);
  const known = await openKeys(desk, space);
  const fresh = { space: head.space, epoch: head.epoch + 1, key: desk.core.parts.random.bytes(KEY_BYTES) };
  const members = step.members.toSorted((a, b) => (a.account < b.account ? -1 : 1));
  const statement = await signStatement(desk.identity.signingPrivate, {
    version: 1,
    space: head.space,
    type: head.type,
    number: head.number + 1,
    previousHashB64: space.hashB64,
    epoch: step.rotates ? fresh.epoch : head.epoch,
    keyCheckB64: step.rotates ? await keyCheck(fresh) : head.keyCheckB64,
    members,
    signer: desk.account.id,
  });
  const keys = [];
  for (const member of members) {
    const isNew = memberOf(head, member.account)?.sealingPublicB64 !== member.sealingPublicB64;
    keys.push(...(await sealedFor(member, [...(isNew ? known : []), ...(step.rotates ? [fresh] : [])])));
  }
  for (const { key } of [...known, fresh]) wipe(key);
  const answer = await desk.api.next(head.space, { statement, keys, ...(step.admits === undefined ? {} : { admits: step.admits }) });
  return answer.ok ? ok(undefined) : answer;
}

async function sealedFor(member: StatementMember, keys: readonly SpaceKey[]) {
  const sealed = [];
  for (const key of keys) sealed.push({ account: member.account, ...(await sealSharedKey(member, key)) });
  return sealed;
}
