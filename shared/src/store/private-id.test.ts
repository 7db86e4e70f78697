import { expect, test } from 'bun:test';
import { isUuid } from '#base/ids.ts';
import { privateId } from './private-id.ts';

const makeKey = (fill: number) => crypto.subtle.importKey('raw', new Uint8Array(32).fill(fill), 'AES-GCM', false, ['encrypt']);

test('the same parts give the same id under one key, and another one under another key', async () => {
  const key = await makeKey(1);
  const id = await privateId(key, ['import', 'Einkauf']);
  expect(isUuid(id)).toBe(true);
  expect(await privateId(await makeKey(1), ['import', 'Einkauf'])).toBe(id);
  expect(await privateId(await makeKey(2), ['import', 'Einkauf'])).not.toBe(id);
});

test('parts that join to the same text give different ids', async () => {
  const key = await makeKey(1);
  expect(await privateId(key, ['a', 'bc'])).not.toBe(await privateId(key, ['ab', 'c']));
});
