import { expect, test } from 'bun:test';
import { appendedContent } from './appended-content.ts';

test('a paragraph is added behind one blank line', () => {
  expect(appendedContent('one', 'two')).toBe('one\n\ntwo');
  expect(appendedContent('one\n\n\n', '\n two \n')).toBe('one\n\ntwo');
});

test('the first paragraph of an empty document stands alone', () => {
  expect(appendedContent('', 'one')).toBe('one');
  expect(appendedContent(' \n', 'one')).toBe('one');
});

test('adding nothing changes nothing', () => {
  expect(appendedContent('one\n', ' \n ')).toBe('one\n');
});
