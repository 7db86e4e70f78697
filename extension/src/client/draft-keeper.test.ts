import { expect, test } from 'bun:test';
import { createDraftKeeper } from './draft-keeper.ts';

test('the first character is kept at once, a burst is kept by its last text', async () => {
  const kept: string[] = [];
  const waiting: (() => void)[] = [];
  const keeper = createDraftKeeper((text) => {
    kept.push(text);
    return new Promise<void>((resolve) => waiting.push(resolve));
  });
  keeper.typed('a');
  expect(kept).toEqual(['a']);
  keeper.typed('ab');
  keeper.typed('abc');
  const settled = keeper.settled();
  waiting.shift()?.();
  await Promise.resolve();
  await Promise.resolve();
  expect(kept).toEqual(['a', 'abc']);
  waiting.shift()?.();
  await settled;
  keeper.typed('');
  expect(kept).toEqual(['a', 'abc', '']);
});
