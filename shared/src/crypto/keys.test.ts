import { describe, expect, test } from 'bun:test';
import { bytesToB64 } from '#base/bytes.ts';
import { systemRandom as random } from '#base/random.ts';
import { hpkeOpen, hpkeSeal, makeSealingPair } from './hpke.ts';
import { makeIdentity, openIdentity, openSpaceKey, sealSpaceKey } from './identity.ts';
import { createKeyring, createSharedKeyring } from './keyring.ts';
import { openBytes, sealBytes } from './local-sealing.ts';
import * as opaque from './opaque-client.ts';
import { answerLogin, answerRegistration, createServerSetup, provesPassword } from './opaque-server.ts';
import { isWeakPassword } from './password-strength.ts';
import { generateMacKey, generateSealingKey } from './primitives.ts';
import { makeRecoveryCode, recoverySecret } from './recovery-code.ts';
import { openOnDevice, sealForDevice } from './device-wraps.ts';
import { openOffline, openWrap, sealOffline, sealWrap } from './wraps.ts';

const account = '0199a000-0000-7000-8000-000000000001';
const stranger = '0199a000-0000-7000-8000-000000000009';
const space = '0199a000-0000-7000-8000-000000000002';
const password = 'correct horse battery staple';

describe('a wrap', () => {
  test('opens with its secret for its account and kind only', async () => {
    const accountKey = random.bytes(32);
    const secret = random.bytes(64);
    const wrap = await sealWrap({ kind: 'password', account, secret }, accountKey, random);
    expect(await openWrap({ kind: 'password', account, secret }, wrap)).toEqual({ ok: true, value: accountKey });
    expect((await openWrap({ kind: 'password', account: stranger, secret }, wrap)).ok).toBe(false);
    expect((await openWrap({ kind: 'recovery', account, secret }, wrap)).ok).toBe(false);
    expect((await openWrap({ kind: 'recovery', account, secret }, { ...wrap, kind: 'recovery' })).ok).toBe(false);
    expect((await openWrap({ kind: 'password', account, secret: random.bytes(64) }, wrap)).ok).toBe(false);
  });

  test('of an unknown version or malformed base64 is refused', async () => {
    const place = { kind: 'password', account, secret: random.bytes(64) } as const;
    const wrap = await sealWrap(place, random.bytes(32), random);
    expect(await openWrap(place, { ...wrap, version: 2 as 1 })).toEqual({ ok: false, error: 'UNSUPPORTED' });
    expect(await openWrap(place, { ...wrap, ivB64: 'A' })).toEqual({ ok: false, error: 'WRONG_SECRET' });
  });

  test('for offline use opens with password and device together, and never with weaker parameters', async () => {
    const accountKey = random.bytes(32);
    const place = { account, password, deviceMacKey: await generateMacKey() };
    const wrap = await sealOffline(place, accountKey, random);
    expect(await openOffline(place, wrap)).toEqual({ ok: true, value: accountKey });
    expect(await openOffline({ ...place, password: `${password}!` }, wrap)).toEqual({ ok: false, error: 'WRONG_SECRET' });
    expect(await openOffline({ ...place, deviceMacKey: await generateMacKey() }, wrap)).toEqual({ ok: false, error: 'WRONG_SECRET' });
    expect(await openOffline({ ...place, account: stranger }, wrap)).toEqual({ ok: false, error: 'WRONG_SECRET' });
    for (const iterations of [1, 599_999, Number.NaN]) {
      expect(await openOffline(place, { ...wrap, iterations })).toEqual({ ok: false, error: 'UNSUPPORTED' });
    }
    expect(await openOffline(place, { ...wrap, iterations: 600_001 })).toEqual({ ok: false, error: 'WRONG_SECRET' });
  });

  test('for the device opens for its owner and kind only', async () => {
    const deviceKey = await generateSealingKey();
    const bytes = random.bytes(32);
    const sealed = await sealForDevice(deviceKey, { kind: 'account-key', owner: account, bytes, random });
    expect(await openOnDevice(deviceKey, { kind: 'account-key', owner: account, sealed })).toEqual(bytes);
    expect(await openOnDevice(deviceKey, { kind: 'account-key', owner: stranger, sealed })).toBeUndefined();
    expect(await openOnDevice(deviceKey, { kind: 'refresh-token', owner: account, sealed })).toBeUndefined();
  });
});

describe('a recovery code', () => {
  test('has 24 words and leads to the same secret however it is typed', () => {
    const words = makeRecoveryCode(random);
    expect(words.length).toBe(24);
    const secret = recoverySecret(words);
    expect(secret?.length).toBe(32);
    expect(recoverySecret(words.map((word) => ` ${word.toUpperCase()} `))).toEqual(secret);
  });

  test('with two words exchanged, an unknown word or a word too few is refused', () => {
    const words = 'legal winner thank year wave sausage worth useful legal winner thank year wave sausage worth useful legal winner thank year wave sausage worth title'.split(' '); // prettier-ignore
    expect(recoverySecret(words)).toBeDefined();
    expect(recoverySecret([...words.slice(1), 'legal'])).toBeUndefined();
    expect(recoverySecret([...words.slice(0, 23), 'mana'])).toBeUndefined();
    expect(recoverySecret(words.slice(0, 23))).toBeUndefined();
  });
});

describe('HPKE', () => {
  const info = random.bytes(8);
  const plain = random.bytes(100);

  test('opens for the recipient and the purpose only', async () => {
    const [ours, theirs] = [await makeSealingPair(random), await makeSealingPair(random)];
    const sealed = await hpkeSeal({ recipientPublic: ours.publicKey, info }, plain);
    expect(await hpkeOpen({ recipientPrivate: ours.privateKey, info }, sealed)).toEqual(plain);
    expect(await hpkeOpen({ recipientPrivate: theirs.privateKey, info }, sealed)).toBeUndefined();
    expect(await hpkeOpen({ recipientPrivate: ours.privateKey, info: random.bytes(8) }, sealed)).toBeUndefined();
    expect(await hpkeOpen({ recipientPrivate: ours.privateKey, info }, { ...sealed, encB64: '!' })).toBeUndefined();
  });

  test('with a sender opens only what this sender sealed', async () => {
    const [ours, theirs] = [await makeSealingPair(random), await makeSealingPair(random)];
    const open = { recipientPrivate: ours.privateKey, senderPublic: ours.publicKey, info };
    expect(await hpkeOpen(open, await hpkeSeal({ recipientPublic: ours.publicKey, senderPrivate: ours.privateKey, info }, plain))).toEqual(
      plain,
    );
    expect(
      await hpkeOpen(open, await hpkeSeal({ recipientPublic: ours.publicKey, senderPrivate: theirs.privateKey, info }, plain)),
    ).toBeUndefined();
    expect(await hpkeOpen(open, await hpkeSeal({ recipientPublic: ours.publicKey, info }, plain))).toBeUndefined();
  });
});

describe('an identity', () => {
  test('opens its space keys at their space and epoch, and none that the server made', async () => {
    const accountKey = random.bytes(32);
    const { identity } = await makeIdentity(account, accountKey, random);
    const opened = await openIdentity(account, accountKey, identity);
    if (!opened) throw new Error('An identity opens with its account key');
    const key = random.bytes(32);
    const sealed = await sealSpaceKey(opened, { space, epoch: 1, key });
    expect((await openSpaceKey(opened, space, sealed))?.key).toEqual(key);
    expect(await openSpaceKey(opened, stranger, sealed)).toBeUndefined();
    expect(await openSpaceKey(opened, space, { ...sealed, epoch: 2 })).toBeUndefined();
    const foreign = await makeSealingPair(random);
    const forged = await sealSpaceKey({ ...opened, sealingPrivate: foreign.privateKey }, { space, epoch: 1, key });
    expect(await openSpaceKey(opened, space, forged)).toBeUndefined();
  });

  test('with an exchanged public key, another account or another account key does not open', async () => {
    const accountKey = random.bytes(32);
    const { identity } = await makeIdentity(account, accountKey, random);
    const { publicKey } = await makeSealingPair(random);
    expect(await openIdentity(account, accountKey, { ...identity, sealingPublicB64: bytesToB64(publicKey) })).toBeUndefined();
    expect(await openIdentity(account, accountKey, { ...identity, signingPublicB64: bytesToB64(publicKey) })).toBeUndefined();
    expect(await openIdentity(stranger, accountKey, identity)).toBeUndefined();
    expect(await openIdentity(account, random.bytes(32), identity)).toBeUndefined();
  });
});

describe('a keyring', () => {
  test('wipes what it was made of, keeps the first key of an epoch, and knows nothing after it forgot', async () => {
    const accountKey = random.bytes(32);
    const key = random.bytes(32);
    const keyring = await createKeyring({ accountKey, spaceKeys: [{ space, epoch: 1, key }] });
    expect([...accountKey, ...key].every((byte) => byte === 0)).toBe(true);
    const first = await keyring.tableKey(space, 1, 'tasks');
    await keyring.addSpaceKey({ space, epoch: 1, key: random.bytes(32) });
    await keyring.addSpaceKey({ space, epoch: 3, key: random.bytes(32) });
    expect(await keyring.tableKey(space, 1, 'tasks')).toBe(first as CryptoKey);
    expect(first?.extractable).toBe(false);
    expect(keyring.currentEpoch(space)).toBe(3);
    expect(await keyring.tableKey(space, 2, 'tasks')).toBeUndefined();
    keyring.forget();
    expect(await keyring.tableKey(space, 1, 'tasks')).toBeUndefined();
    expect(keyring.currentEpoch(space)).toBe(0);
    expect(keyring.localKey('tasks')).rejects.toThrow('forgotten');
  });

  test('gives local rows a key that opens them at their place only', async () => {
    const keyring = await createKeyring({ accountKey: random.bytes(32), spaceKeys: [] });
    const plain = random.bytes(50);
    const sealed = await sealBytes(await keyring.localKey('tasks'), 'a', { plain, iv: random.bytes(12) });
    expect(await openBytes(await keyring.localKey('tasks'), 'a', sealed)).toEqual(plain);
    expect(await openBytes(await keyring.localKey('tasks'), 'b', sealed)).toBeUndefined();
    expect(await openBytes(await keyring.localKey('notes'), 'a', sealed)).toBeUndefined();
    expect(await openBytes(await keyring.localKey('tasks'), 'a', sealed.slice(0, 5))).toBeUndefined();
  });
});

test('the password protocol gives the same export key at sign-up and sign-in, and none to a wrong password', async () => {
  const serverSetup = await createServerSetup();
  const start = await opaque.startRegistration(password);
  const response = await answerRegistration({ serverSetup, userIdentifier: account, registrationRequest: start.request });
  const registered = opaque.finishRegistration({ password, state: start.state, response: response ?? '' });
  const signIn = async (typed: string, registrationRecord: string | null) => {
    const login = await opaque.startLogin(typed);
    const answer = await answerLogin({ serverSetup, userIdentifier: account, registrationRecord, startLoginRequest: login.request });
    const finished = opaque.finishLogin({ password: typed, state: login.state, response: answer?.loginResponse ?? '' });
    const isProven =
      finished && (await provesPassword({ serverLoginState: answer?.serverLoginState ?? '', finishLoginRequest: finished.proof }));
    return { finished, isProven };
  };
  const right = await signIn(password, registered?.record ?? '');
  expect(right.finished?.exportKey).toEqual(registered?.exportKey as NonNullable<typeof registered>['exportKey']);
  expect(right.isProven).toBe(true);
  expect((await signIn(`${password}?`, registered?.record ?? '')).finished).toBeUndefined();
  expect((await signIn(password, null)).finished).toBeUndefined();
  expect(opaque.finishLogin({ password, state: 'x', response: 'y' })).toBeUndefined();
}, 20_000);

test('a password that is short, common, repeated, or the address is weak; four words are not', () => {
  const email = 'rosa.luxemburg@example.org';
  const weak = ['short', 'aaaaaaaaaaaaaaaaaaaa', 'passwordpassword1', 'Passwort123456!', 'qwertyuiop12345', 'abcabcabcabcabcabc', '1234567890123456', 'rosa.luxemburg@example.org', 'Luxemburg-Rosa-2024', 'iloveyou iloveyou', 'xyzxyzxyzxyzxyz1']; // prettier-ignore
  for (const typed of weak) expect([typed, isWeakPassword(typed, email)]).toEqual([typed, true]);
  const strong = [password, 'Vier Wörter genügen mir', 'k7#Qz!m2Lp9@Vx4w', 'zwölf boxkämpfer jagen eva'];
  for (const typed of strong) expect([typed, isWeakPassword(typed, email)]).toEqual([typed, false]);
});

describe('a keyring that is shared with a worker', () => {
  test('passes as keys that nobody can take out, opens the same, and learns of later keys', async () => {
    const keyring = await createKeyring({ accountKey: random.bytes(32), spaceKeys: [{ space, epoch: 1, key: random.bytes(32) }] });
    const keys = structuredClone(keyring.share());
    if (!keys) throw new Error('The keyring shares nothing');
    expect([keys.account, ...keys.spaces.map(({ base }) => base)].map(({ extractable }) => extractable)).toEqual([false, false]);
    const worker = createSharedKeyring(keys);
    const input = { plain: random.bytes(9), iv: random.bytes(12) };
    const sealed = await sealBytes(await keyring.localKey('tasks'), 'here', input);
    expect(await openBytes(await worker.localKey('tasks'), 'here', sealed)).toEqual(input.plain);
    await keyring.addSpaceKey({ space, epoch: 2, key: random.bytes(32) });
    const later = keyring.share();
    if (later) worker.takeShared(later);
    expect(worker.currentEpoch(space)).toBe(2);
  });

  test('shares nothing once it was forgotten', async () => {
    const keyring = await createKeyring({ accountKey: random.bytes(32), spaceKeys: [] });
    keyring.forget();
    expect(keyring.share()).toBeUndefined();
  });
});
