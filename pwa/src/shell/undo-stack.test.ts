import { expect, test } from 'bun:test';
import { createUndoStack } from './undo-stack.ts';

test('the newest change is taken back first, and each only once', () => {
  const stack = createUndoStack();
  for (const id of ['a', 'b', 'c']) stack.push(id);
  expect(stack.take('b')).toBe('b');
  expect([stack.take(), stack.take(), stack.take()]).toEqual(['c', 'a', undefined]);
});

test('only the last fifty changes are kept', () => {
  const stack = createUndoStack();
  for (let count = 0; count < 60; count++) stack.push(String(count));
  let taken = 0;
  while (stack.take() !== undefined) taken++;
  expect(taken).toBe(50);
});

test('what was taken back can be done again, the last first, until something new is done', () => {
  const stack = createUndoStack();
  for (const id of ['undo of b', 'undo of a']) stack.pushUndone(id);
  expect(stack.takeUndone()).toBe('undo of a');
  stack.pushRedone('a again');
  expect([stack.take(), stack.takeUndone(), stack.takeUndone()]).toEqual(['a again', 'undo of b', undefined]);
  stack.pushUndone('undo of c');
  stack.push('d');
  expect(stack.takeUndone()).toBeUndefined();
});
