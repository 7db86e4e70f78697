import { expect, test } from 'bun:test';
import { b64ToBytes, bytesToB64, bytesToText } from '#base/bytes.ts';
import type { Wrap } from '#wire/account.ts';
import { openField } from './envelope.ts';
import golden from './fixtures/golden-1.json';
import { openIdentity, openSpaceKey } from './identity.ts';
import { createKeyring } from './keyring.ts';
import { openBytes } from './local-sealing.ts';
import { recoverySecret } from './recovery-code.ts';
import { openOffline, openWrap } from './wraps.ts';

const { account, place } = golden;

const keyring = () =>
  createKeyring({
    accountKey: b64ToBytes(golden.accountKeyB64),
    spaceKeys: [{ space: place.space, epoch: place.epoch, key: b64ToBytes(golden.spaceKeyB64) }],
  });

const openedB64 = (opened: Awaited<ReturnType<typeof openWrap>> | undefined) => opened?.ok && bytesToB64(opened.value);

test('an envelope of format 1 opens', async () => {
  const key = await (await keyring()).tableKey(place.space, place.epoch, place.table);
  expect(key && (await openField(key, place, golden.envelope))).toEqual({ ok: true, value: golden.value });
});

test('a local row of format 1 opens', async () => {
  const plain = await openBytes(await (await keyring()).localKey('tasks'), golden.localPlace, b64ToBytes(golden.localB64));
  expect(plain && bytesToText(plain)).toBe(golden.localText);
});

test('wraps of password and recovery code of format 1 open', async () => {
  const password = { kind: 'password', account, secret: b64ToBytes(golden.exportKeyB64) } as const;
  expect(openedB64(await openWrap(password, golden.passwordWrap as Wrap))).toBe(golden.accountKeyB64);
  const secret = recoverySecret(golden.recoveryWords.split(' '));
  expect(openedB64(secret && (await openWrap({ kind: 'recovery', account, secret }, golden.recoveryWrap as Wrap)))).toBe(
    golden.accountKeyB64,
  );
});

test('an offline wrap of format 1 opens', async () => {
  const raw = b64ToBytes(golden.deviceMacKeyB64);
  const deviceMacKey = await crypto.subtle.importKey('raw', raw, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  const { saltB64, ivB64, ciphertextB64, iterations } = golden.offlineWrap;
  const wrap = { version: 1, iterations, salt: b64ToBytes(saltB64), iv: b64ToBytes(ivB64), ciphertext: b64ToBytes(ciphertextB64) } as const;
  expect(openedB64(await openOffline({ account, password: golden.password, deviceMacKey }, wrap))).toBe(golden.accountKeyB64);
});

test('an identity and a sealed space key of format 1 open', async () => {
  const identity = await openIdentity(account, b64ToBytes(golden.accountKeyB64), { ...golden.identity, version: 1 });
  const opened = identity && (await openSpaceKey(identity, place.space, golden.sealedSpaceKey));
  expect(opened && bytesToB64(opened.key)).toBe(golden.spaceKeyB64);
});
