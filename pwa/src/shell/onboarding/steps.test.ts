import { expect, test } from 'bun:test';
import { beside, stepAt, steps } from './steps.ts';

test('the steps follow each other, and any other address is the first', () => {
  expect(steps.map((step) => [beside(step, -1), beside(step, 1)])).toEqual([
    [undefined, 'look'],
    ['name', 'templates'],
    ['look', undefined],
  ]);
  expect(['/onboarding', '/onboarding/look', '/onboarding/look/', '/onboarding/else'].map(stepAt)).toEqual([
    'name',
    'look',
    'look',
    'name',
  ]);
});
