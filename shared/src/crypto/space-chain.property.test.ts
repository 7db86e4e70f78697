import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { bytesToB64, type Bytes } from '#base/bytes.ts';
import { systemRandom as random } from '#base/random.ts';
import type { Role, SpaceStatement, StatementMember, UnsignedStatement } from '#wire/space-statement.ts';
import { makeIdentity } from './identity.ts';
import { believeChain, nextFault, signStatement, statementHash, type HashedStatement } from './space-chain.ts';

const space = '0199a000-0000-7000-8000-00000000000a';
const b64 = (): string => bytesToB64(random.bytes(32));

interface Person {
  readonly entry: Omit<StatementMember, 'role' | 'readOnly'>;
  readonly signingPrivate: Bytes;
}

async function newPerson(number: number): Promise<Person> {
  const account = `0199a000-0000-7000-8000-00000000010${number}`;
  const { identity, open } = await makeIdentity(account, random.bytes(32), random);
  const { sealingPublicB64, signingPublicB64 } = identity;
  return { entry: { account, sealingPublicB64, signingPublicB64 }, signingPrivate: open.signingPrivate };
}

const people = await Promise.all([0, 1, 2, 3].map(newPerson));
const personOf = (index: number): Person => people[index % people.length] ?? raise();
const raise = (): never => {
  throw new Error('There is nobody');
};

const sign = (person: Person, unsigned: UnsignedStatement): Promise<SpaceStatement> => signStatement(person.signingPrivate, unsigned);
const as = (index: number, role: Role, readOnly = false): StatementMember => ({ ...personOf(index).entry, role, readOnly });
const hashed = (statement: SpaceStatement): HashedStatement => ({ statement, hashB64: statementHash(statement) });

const first = await sign(personOf(0), {
  version: 1,
  space,
  type: 'family',
  number: 1,
  epoch: 1,
  previousHashB64: '',
  keyCheckB64: b64(),
  members: [as(0, 'owner')],
  signer: personOf(0).entry.account,
});

type Change = Partial<UnsignedStatement>;
const after = (before: SpaceStatement, signer: number, change: Change = {}): Promise<SpaceStatement> =>
  sign(personOf(signer), {
    ...before,
    number: before.number + 1,
    previousHashB64: statementHash(before),
    signer: personOf(signer).entry.account,
    ...change,
  });
const faultOf = async (before: SpaceStatement, signer: number, change: Change = {}) =>
  nextFault(hashed(before), await after(before, signer, change));

const whole = await after(first, 0, { members: [as(0, 'owner'), as(1, 'admin'), as(2, 'member'), as(3, 'member', true)] });
const newEpoch = () => ({ epoch: 2, keyCheckB64: b64() });

test('statement invariant 1: only the next one of the same space follows', async () => {
  expect(await faultOf(first, 0)).toBeUndefined();
  const changes: Change[] = [
    { number: 1 },
    { number: 3 },
    { previousHashB64: '' },
    { previousHashB64: b64() },
    { space: personOf(0).entry.account },
    { type: 'team' },
    { epoch: 3, keyCheckB64: b64() },
    { epoch: 0 },
  ];
  for (const change of changes) expect([change, await faultOf(first, 0, change)]).toEqual([change, 'NOT_NEXT']);
  expect(await nextFault(undefined, whole)).toBe('NOT_NEXT');
});

test('statement invariant 2: there is always an owner, nobody twice, and who leads can write', async () => {
  const lists = [
    [as(0, 'member')],
    [as(0, 'owner', true)],
    [as(0, 'owner'), as(1, 'admin', true)],
    [as(0, 'owner'), as(0, 'owner')],
    [as(1, 'admin'), as(0, 'owner')],
  ];
  for (const members of lists) expect(await faultOf(first, 0, { members, ...newEpoch() })).toBe('MALFORMED');
});

test('statement invariant 3: an owner may do everything, an admin what concerns members, nobody else anything', async () => {
  const roles: readonly Role[] = ['owner', 'admin', 'member'];
  const arbitrary = fc.record({
    signer: fc.nat(3),
    wanted: fc.array(fc.constantFrom(...roles, undefined), { minLength: 4, maxLength: 4 }),
  });
  await fc.assert(
    fc.asyncProperty(arbitrary, async ({ signer, wanted }) => {
      const members = wanted.flatMap((role, index) => (role ? [as(index, role)] : []));
      fc.pre(members.some(({ role }) => role === 'owner'));
      const fault = await faultOf(whole, signer, { members, ...newEpoch() });
      const isOwner = signer === 0;
      const touchesOnlyMembers =
        wanted[0] === 'owner' && wanted[1] === 'admin' && [2, 3].every((index) => (wanted[index] ?? 'member') === 'member');
      expect(fault).toBe(isOwner || (signer === 1 && touchesOnlyMembers) ? undefined : 'NOT_ALLOWED');
    }),
    { numRuns: 150 },
  );
});

test('statement invariant 4: whoever is gone, or comes with another identity, is followed by a new epoch', async () => {
  const left = { members: whole.members.slice(0, 3) };
  expect(await faultOf(whole, 0, left)).toBe('EPOCH_MISSING');
  expect(await faultOf(whole, 0, { ...left, ...newEpoch() })).toBeUndefined();
  const other = { members: whole.members.map((member) => (member.role === 'admin' ? { ...member, sealingPublicB64: b64() } : member)) };
  expect(await faultOf(whole, 0, other)).toBe('EPOCH_MISSING');
  expect(await faultOf(whole, 0, { ...other, ...newEpoch() })).toBeUndefined();
});

test('statement invariant 5: an epoch has one key, and another epoch another', async () => {
  expect(await faultOf(whole, 0, { keyCheckB64: b64() })).toBe('KEY_CHANGED');
  expect(await faultOf(whole, 0, { epoch: 2 })).toBe('KEY_CHANGED');
});

test('statement invariant 6: a chain that was believed is part of every later one', async () => {
  const next = await after(whole, 0, newEpoch());
  const chain = [first, whole, next];
  const pin = { number: 2, hashB64: statementHash(whole) };
  expect((await believeChain(chain, pin)).ok).toBe(true);
  expect(await believeChain([first], pin)).toEqual({ ok: false, error: 'CHAIN_IS_CUT' });
  expect(await believeChain([], undefined)).toEqual({ ok: false, error: 'CHAIN_IS_CUT' });
  const fork = await after(first, 0, { members: [as(0, 'owner'), as(3, 'member')] });
  expect(await believeChain([first, fork, await after(fork, 0)], pin)).toEqual({ ok: false, error: 'CHAIN_IS_FORKED' });
  expect((await believeChain([first, fork], undefined)).ok).toBe(true);
});

test('a statement with any part changed after signing is not believed', async () => {
  const next = await after(whole, 0, newEpoch());
  const pin = { number: 2, hashB64: statementHash(whole) };
  const forged: SpaceStatement[] = [
    { ...next, keyCheckB64: b64() },
    { ...next, members: next.members.map((member) => ({ ...member, readOnly: false })) },
    { ...next, members: next.members.slice(0, 2) },
    { ...next, members: next.members.map((member, index) => (index === 2 ? { ...member, sealingPublicB64: b64() } : member)) },
    { ...next, signatureB64: whole.signatureB64 },
  ];
  for (const statement of forged) expect(await believeChain([first, whole, statement], pin)).toEqual({ ok: false, error: 'BAD_SIGNATURE' });
  const bySomebody = await sign(personOf(3), { ...next, signer: personOf(0).entry.account });
  expect(await believeChain([first, whole, bySomebody], pin)).toEqual({ ok: false, error: 'BAD_SIGNATURE' });
});
