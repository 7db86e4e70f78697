import { b64UrlToBytes, bytesToB64, type Bytes } from '@mana/shared/base/bytes';
import { signStatement, statementHash } from '@mana/shared/crypto/space-chain';
import { paths } from '@mana/shared/wire/endpoints';
import type { SpaceStatement, StatementMember } from '@mana/shared/wire/space-statement';
import { createHash } from 'node:crypto';
import type { SendRequest, TestAnswer } from './test-browser.ts';
import { newTestIdentity, signUp, type TestPerson } from './test-person.ts';

/** A person whose identity can sign. */
export interface Signer extends TestPerson {
  readonly signingPrivate: Bytes;
}

const b64 = (length: number): string => bytesToB64(crypto.getRandomValues(new Uint8Array(length)));

export async function newSigner(send: SendRequest): Promise<Signer> {
  const pair = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair;
  const { d = '', x = '' } = await crypto.subtle.exportKey('jwk', pair.privateKey);
  const person = await signUp(send, { identity: { ...newTestIdentity(), signingPublicB64: bytesToB64(b64UrlToBytes(x)) } });
  return { ...person, signingPrivate: b64UrlToBytes(d) };
}

/** A space key as it travels; it opens with no key. */
export const newSealedKey = (epoch = 1) => ({ epoch, encB64: b64(32), ciphertextB64: b64(48) });
export const newSealed = () => ({ encB64: b64(32), ciphertextB64: b64(80) });

export const memberAs = ({ account }: TestPerson, role: StatementMember['role'], readOnly = false): StatementMember => ({
  account: account.id,
  role,
  readOnly,
  sealingPublicB64: account.identity.sealingPublicB64,
  signingPublicB64: account.identity.signingPublicB64,
});

/** The first statement of a space. */
export const firstStatement = (owner: Signer, space: string = crypto.randomUUID()): Promise<SpaceStatement> =>
  signStatement(owner.signingPrivate, {
    version: 1,
    space,
    type: 'family',
    number: 1,
    epoch: 1,
    previousHashB64: '',
    keyCheckB64: b64(32),
    members: [memberAs(owner, 'owner')],
    signer: owner.account.id,
  });

/** The statement after another; a new epoch comes with a new key. */
export const nextStatement = (
  signer: Signer,
  before: SpaceStatement,
  change: { readonly members: readonly StatementMember[]; readonly epoch?: number },
): Promise<SpaceStatement> => {
  const epoch = change.epoch ?? before.epoch;
  return signStatement(signer.signingPrivate, {
    ...before,
    number: before.number + 1,
    previousHashB64: statementHash(before),
    epoch,
    keyCheckB64: epoch === before.epoch ? before.keyCheckB64 : b64(32),
    members: change.members.toSorted((a, b) => (a.account < b.account ? -1 : 1)),
    signer: signer.account.id,
  });
};

export async function makeTestSpace(owner: Signer): Promise<SpaceStatement> {
  const statement = await firstStatement(owner);
  await owner.browser.send('POST', paths.spaces, { body: { statement, key: newSealedKey() } });
  return statement;
}

/** Invites; resolves with the invitation's id and token. */
export async function inviteTo(
  leader: Signer,
  space: string,
  more: { role?: 'admin' | 'member'; readOnly?: boolean; expiresAt?: string } = {},
): Promise<{ id: string; tokenB64: string; answer: TestAnswer }> {
  const token = crypto.getRandomValues(new Uint8Array(32));
  const id = crypto.randomUUID();
  const body = {
    id,
    tokenHashB64: createHash('sha256').update(token).digest('base64'),
    role: 'member',
    readOnly: false,
    expiresAt: '2026-11-26T08:00:00.000Z',
    sealed: newSealed(),
    ...more,
  };
  return { id, tokenB64: bytesToB64(token), answer: await leader.browser.send('POST', `${paths.spaces}/${space}/invitations`, { body }) };
}

export const accept = (person: TestPerson, tokenB64: string): Promise<TestAnswer> =>
  person.browser.send('POST', paths.acceptInvitation, { body: { tokenB64, proofB64: b64(32), acceptance: newSealed() } });

export const sendStatement = (
  person: TestPerson,
  statement: SpaceStatement,
  more: { readonly keys?: readonly unknown[]; readonly admits?: string } = {},
): Promise<TestAnswer> =>
  person.browser.send('POST', `${paths.spaces}/${statement.space}/statements`, { body: { statement, keys: [], ...more } });

/** Keys of an epoch for all members of a statement. */
export const keysFor = ({ members, epoch }: SpaceStatement) => members.map(({ account }) => ({ account, ...newSealedKey(epoch) }));

/** Invites, lets accept and admits a person. */
export async function admit(
  owner: Signer,
  before: SpaceStatement,
  joiner: { readonly person: Signer; readonly role?: 'admin' | 'member'; readonly readOnly?: boolean },
): Promise<SpaceStatement> {
  const { person, role = 'member', readOnly = false } = joiner;
  const { id, tokenB64 } = await inviteTo(owner, before.space, { role, readOnly });
  await accept(person, tokenB64);
  const next = await nextStatement(owner, before, { members: [...before.members, memberAs(person, role, readOnly)] });
  const answer = await sendStatement(owner, next, { admits: id, keys: [{ account: person.account.id, ...newSealedKey(next.epoch) }] });
  if (answer.status !== 204) throw new Error(`admitting failed: ${answer.text}`);
  return next;
}
