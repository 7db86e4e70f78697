import { describe, expect, test } from 'bun:test';
import { bytesToB64, textToBytes } from '#base/bytes.ts';
import { systemRandom as random } from '#base/random.ts';
import { makeIdentity } from './identity.ts';
import { SAFETY_WORDS, safetyNumber } from './safety-number.ts';
import * as sharing from './space-sharing.ts';

const space = '0199a000-0000-7000-8000-00000000000a';
const other = '0199a000-0000-7000-8000-00000000000b';

async function newPerson(number: number) {
  const account = `0199a000-0000-7000-8000-00000000010${number}`;
  const { identity, open } = await makeIdentity(account, random.bytes(32), random);
  const { sealingPublicB64, signingPublicB64 } = identity;
  return { open, public: { account, sealingPublicB64, signingPublicB64 } };
}
const [rosa, ben] = [await newPerson(1), await newPerson(2)];

describe('a space key', () => {
  const key = random.bytes(32);

  test('opens for its member, space and epoch, if it is the one that the statement names', async () => {
    const sealed = await sharing.sealSharedKey(ben.public, { space, epoch: 3, key });
    const keyCheckB64 = await sharing.keyCheck({ space, epoch: 3, key });
    const place = { account: ben.public.account, space, keyCheckB64 };
    expect(await sharing.openSharedKey(ben.open, place, sealed)).toEqual({ space, epoch: 3, key });
    expect(await sharing.openSharedKey(rosa.open, place, sealed)).toBeUndefined();
    expect(await sharing.openSharedKey(ben.open, { ...place, space: other }, sealed)).toBeUndefined();
    expect(await sharing.openSharedKey(ben.open, place, { ...sealed, epoch: 2 })).toBeUndefined();
    const planted = await sharing.sealSharedKey(ben.public, { space, epoch: 3, key: random.bytes(32) });
    expect(await sharing.openSharedKey(ben.open, place, planted)).toBeUndefined();
  });
});

describe('an invitation link', () => {
  const secret = sharing.newInvitationSecret(random);

  test('is read as it was written, and a cut one is none', () => {
    const link = { secret, fingerprint: sharing.identityFingerprint(rosa.public), name: 'Familie Öz 🏡' };
    const text = sharing.writeInvitationLink(link);
    expect(sharing.readInvitationLink(text)).toEqual(link);
    for (const cut of ['', text.slice(0, 80), text.slice(2), `${text}.`, text.replace('1.', '2.'), '1.AA.AA'])
      expect(sharing.readInvitationLink(cut)).toBeUndefined();
  });

  test('proves who accepts what: another person, space, key or secret gives another proof', () => {
    const to = { invitation: other, space, joiner: ben.public };
    const proof = sharing.invitationProof(secret, to);
    expect(sharing.invitationProof(secret, { ...to })).toBe(proof);
    const different = [
      sharing.invitationProof(sharing.newInvitationSecret(random), to),
      sharing.invitationProof(secret, { ...to, invitation: space }),
      sharing.invitationProof(secret, { ...to, space: other }),
      sharing.invitationProof(secret, { ...to, joiner: rosa.public }),
      sharing.invitationProof(secret, { ...to, joiner: { ...ben.public, sealingPublicB64: rosa.public.sealingPublicB64 } }),
      bytesToB64(sharing.invitationToken(secret)),
    ];
    for (const each of different) expect(each).not.toBe(proof);
  });
});

test('what is sealed to oneself opens for oneself, for the same purpose and id', async () => {
  const place = { purpose: 'acceptance', id: space } as const;
  const plain = textToBytes('rosa');
  const sealed = await sharing.sealToSelf(ben.open, place, plain);
  expect(await sharing.openFromSelf(ben.open, place, sealed)).toEqual(plain);
  expect(await sharing.openFromSelf(ben.open, { ...place, id: other }, sealed)).toBeUndefined();
  expect(await sharing.openFromSelf(ben.open, { ...place, purpose: 'invitation' }, sealed)).toBeUndefined();
  expect(await sharing.openFromSelf(rosa.open, place, sealed)).toBeUndefined();
  // The server knows the public key, and that is not enough.
  const forged = await sharing.sealSharedKey(ben.public, { space, epoch: 1, key: random.bytes(32) });
  expect(await sharing.openFromSelf(ben.open, place, forged)).toBeUndefined();
});

test('a leave is signed for one space and statement', async () => {
  const leave = { space, account: ben.public.account, number: 4 };
  const signature = await sharing.signLeave(ben.open.signingPrivate, leave);
  expect(await sharing.isSignedLeave(ben.public.signingPublicB64, leave, signature)).toBe(true);
  for (const changed of [{ space: other }, { number: 5 }, { account: rosa.public.account }])
    expect(await sharing.isSignedLeave(ben.public.signingPublicB64, { ...leave, ...changed }, signature)).toBe(false);
  expect(await sharing.isSignedLeave(rosa.public.signingPublicB64, leave, signature)).toBe(false);
});

test('both people see the same six words, and others when an identity is another', async () => {
  const words = await safetyNumber(rosa.public, ben.public);
  expect(words).toHaveLength(SAFETY_WORDS);
  expect(words.every((word) => /^[a-z]{3,8}$/.test(word))).toBe(true);
  expect(await safetyNumber(ben.public, rosa.public)).toEqual(words);
  const impostor = { ...ben.public, signingPublicB64: bytesToB64(random.bytes(32)) };
  expect(await safetyNumber(rosa.public, impostor)).not.toEqual(words);
});
