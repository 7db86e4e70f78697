import { expect, test } from 'bun:test';
import { failureRules } from '@mana/shared/wire/failures';
import { de } from './de.ts';
import { en } from './en.ts';

const sources = new Bun.Glob('**/*.{svelte,ts}');

async function readSources(): Promise<string> {
  const folder = new URL('..', import.meta.url).pathname;
  const texts: string[] = [];
  for await (const path of sources.scan(folder)) {
    if (!/^words\/(en|de)\.ts$|\.test\.ts$/.test(path)) texts.push(await Bun.file(folder + path).text());
  }
  return texts.join('\n');
}

test('both languages have the same keys, and no sentence is empty', () => {
  expect(Object.keys(de).toSorted()).toEqual(Object.keys(en).toSorted());
  for (const words of [en, de]) {
    for (const value of Object.values(words)) if (typeof value === 'string') expect(value.trim()).not.toBe('');
  }
});

test('every failure code has words in both languages', () => {
  const codes = Object.keys(failureRules).toSorted();
  expect(Object.keys(en.failure).toSorted()).toEqual(codes);
  expect(Object.keys(de.failure).toSorted()).toEqual(codes);
});

test('every sentence is shown somewhere', async () => {
  const source = await readSources();
  const unused = Object.keys(en).filter((key) => !new RegExp(`words\\.${key}\\b`).test(source));
  expect(unused).toEqual([]);
});
