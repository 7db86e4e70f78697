import { expect, test } from 'bun:test';
import { chooseWords } from './choose-words.ts';

test('three different words of the code are asked, in their order', () => {
  let next = 0;
  const bytes = [250, 7, 7, 255, 3, 23];
  const random = { bytes: () => Uint8Array.of(bytes[next++] ?? 0) };
  expect(chooseWords(random, 24)).toEqual([3, 7, 23]);
});
