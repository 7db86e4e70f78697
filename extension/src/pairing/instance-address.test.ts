import { expect, test } from 'bun:test';
import { hostPattern, parseInstanceAddress } from './instance-address.ts';

test('an address is read as a person types it', () => {
  const read = (typed: string) => {
    const parsed = parseInstanceAddress(typed);
    return parsed.ok ? parsed.value : parsed.error;
  };
  expect(read(' localhost:4321 ')).toBe('http://localhost:4321');
  expect(read('mana.example.org')).toBe('https://mana.example.org');
  expect(read('https://mana.example.org:8443/settings?x#y')).toBe('https://mana.example.org:8443');
  expect(read('http://127.0.0.1:80/')).toBe('http://127.0.0.1');
  expect(read('http://mana.example.org')).toBe('NEEDS_HTTPS');
  for (const none of ['', '  ', 'javascript:alert(1)', 'file:///etc', 'a b', 'ftp://x']) expect(read(none)).toBe('NOT_AN_ADDRESS');
});

test('a pattern names one origin, and no port where the browser knows none', () => {
  expect(hostPattern('http://localhost:4321', true)).toBe('http://localhost:4321/*');
  expect(hostPattern('http://localhost:4321', false)).toBe('http://localhost/*');
});
