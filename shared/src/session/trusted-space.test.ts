import { expect, test } from 'bun:test';
import { bytesToB64 } from '#base/bytes.ts';
import { systemRandom as random } from '#base/random.ts';
import { makeIdentity, type OpenIdentity } from '#crypto/identity.ts';
import { KEY_BYTES } from '#crypto/primitives.ts';
import { signStatement, statementHash } from '#crypto/space-chain.ts';
import { identityFingerprint, keyCheck, sealSharedKey, sealToSelf, type PublicIdentity } from '#crypto/space-sharing.ts';
import type { Account } from '#wire/account.ts';
import type { Role, SpaceStatement } from '#wire/space-statement.ts';
import type { SharedSpace } from '#wire/spaces.ts';
import { believeSpace, unknownIdentities, type Judge, type TrustedSpace } from './trusted-space.ts';

const id = '0199a000-0000-7000-8000-00000000000a';

interface Person {
  readonly account: string;
  readonly public: PublicIdentity;
  readonly open: OpenIdentity;
  readonly sealed: Account['identity'];
}

async function person(number: number): Promise<Person> {
  const account = `0199a000-0000-7000-8000-00000000010${number}`;
  const { identity, open } = await makeIdentity(account, random.bytes(KEY_BYTES), random);
  const { sealingPublicB64, signingPublicB64 } = identity;
  return { account, public: { account, sealingPublicB64, signingPublicB64 }, open, sealed: identity };
}

const as = (who: Person, role: Role) => ({ ...who.public, role, readOnly: false });
const fingerprintOf = (who: Person): string => bytesToB64(identityFingerprint(who.public));

const [rosa, ben, cem, otherCem, otherRosa] = [await person(0), await person(1), await person(2), await person(2), await person(0)];
const keys = [1, 2].map((epoch) => ({ space: id, epoch, key: random.bytes(KEY_BYTES) }));
const [first, second] = keys;
if (!first || !second) throw new Error('There are two keys');

async function statement(
  before: SpaceStatement | undefined,
  members: SpaceStatement['members'],
  key: typeof first,
): Promise<SpaceStatement> {
  return signStatement(rosa.open.signingPrivate, {
    version: 1,
    space: id,
    type: 'family',
    number: (before?.number ?? 0) + 1,
    epoch: key?.epoch ?? 1,
    previousHashB64: before ? statementHash(before) : '',
    keyCheckB64: await keyCheck(key ?? raise()),
    members,
    signer: rosa.account,
  });
}
const raise = (): never => {
  throw new Error('There is no key');
};

const made = await statement(undefined, [as(rosa, 'owner')], first);
const joined = await statement(made, [as(rosa, 'owner'), as(ben, 'member'), as(cem, 'member')], first);

async function told(statements: readonly SpaceStatement[]): Promise<SharedSpace> {
  return {
    id,
    type: 'family',
    statements: [...statements],
    keys: await Promise.all(keys.map((key) => sealSharedKey(ben.public, key))),
    acceptance: await sealToSelf(ben.open, { purpose: 'acceptance', id }, identityFingerprint(rosa.public)),
    names: {},
    leaving: [],
    invitations: [],
  };
}

const judge = (trusted: readonly TrustedSpace[], confirmed: readonly string[] = []): Judge => ({
  account: { id: ben.account, identity: ben.sealed } as Account,
  identity: ben.open,
  trusted,
  confirmed,
});

const before = await believeSpace(judge([]), await told([made, joined]));
if (!before.ok) throw new Error(before.error);
const trusted = [before.value];

for (const [who, members] of [
  ['a member', [as(rosa, 'owner'), as(ben, 'member'), as(otherCem, 'member')]],
  ['the owner', [as(otherRosa, 'owner'), as(ben, 'member'), as(cem, 'member')]],
] as const) {
  test(`another identity of ${who}, though everything is signed, blocks until this very one is confirmed`, async () => {
    const changed = await told([made, joined, await statement(joined, [...members], second)]);
    expect(await believeSpace(judge(trusted), changed)).toEqual({ ok: false, error: 'IDENTITY_CHANGED' });
    expect(await believeSpace(judge(trusted, [fingerprintOf(cem), fingerprintOf(rosa)]), changed)).toEqual({
      ok: false,
      error: 'IDENTITY_CHANGED',
    });
    const [unknown, ...more] = unknownIdentities(judge(trusted), { told: changed, known: 2 });
    const other = who === 'the owner' ? otherRosa : otherCem;
    expect([unknown?.signingPublicB64, more.length]).toEqual([other.public.signingPublicB64, 0]);
    expect(await believeSpace(judge(trusted, [fingerprintOf(other)]), changed)).toMatchObject({ ok: true, value: { trouble: null } });
  });
}

test('whoever is known from one space under one identity does not come into another space under another one', async () => {
  const elsewhere = { ...before.value, told: { ...before.value.told, id: '0199a000-0000-7000-8000-00000000000b' } };
  const withOther = await statement(made, [as(rosa, 'owner'), as(ben, 'member'), as(otherCem, 'member')], first);
  expect(await believeSpace(judge([elsewhere]), await told([made, withOther]))).toEqual({ ok: false, error: 'IDENTITY_CHANGED' });
});
