import { describe, expect, test } from 'bun:test';
import { classify, databaseCause } from './classify.ts';

const databaseError = (code: string, more: object = {}) => Object.assign(new Error('value "secret" is wrong'), { code, ...more });
const wrapped = (cause: Error) => Object.assign(new Error('Failed query', { cause }), { name: 'DrizzleQueryError' });

describe('what was thrown becomes the code that is true', () => {
  const cases: [string, Error, string][] = [
    ['a taken address', databaseError('23505', { constraint: 'accounts_email_unique' }), 'EMAIL_ALREADY_REGISTERED'],
    [
      'a taken address, as the other driver says it',
      databaseError('23505', { constraint_name: 'accounts_email_unique' }),
      'EMAIL_ALREADY_REGISTERED',
    ],
    ['another unique violation', databaseError('23505', { constraint: 'spaces_pkey' }), 'CONFLICT'],
    ['a missing column', databaseError('42703'), 'SERVICE_UNAVAILABLE'],
    ['a missing table', databaseError('42P01'), 'SERVICE_UNAVAILABLE'],
    ['a lost connection', databaseError('08006'), 'SERVICE_UNAVAILABLE'],
    ['a stopping database', databaseError('57P01'), 'SERVICE_UNAVAILABLE'],
    ['a full disk', databaseError('53100'), 'SERVICE_UNAVAILABLE'],
    ['a refused connection', databaseError('ECONNREFUSED'), 'SERVICE_UNAVAILABLE'],
    ['an ended pool', databaseError('CONNECTION_ENDED'), 'SERVICE_UNAVAILABLE'],
    ['an abort', new DOMException('aborted', 'AbortError'), 'SERVICE_UNAVAILABLE'],
    ['a bug', new TypeError('x is not a function'), 'INTERNAL'],
  ];
  for (const [name, thrown, code] of cases) {
    test(name, () => {
      expect(classify(thrown)).toEqual({ code: code as never });
      expect(classify(wrapped(thrown)).code).toBe(code === 'INTERNAL' ? 'SERVICE_UNAVAILABLE' : (code as never));
    });
  }

  test('what is said of a database’s error quotes no value', () => {
    expect(databaseCause(databaseError('22P02'))).toEqual({ sqlState: '22P02' });
    expect(databaseCause(databaseError('42703'))?.message).toBeString();
  });
});
