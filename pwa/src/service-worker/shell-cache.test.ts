import { expect, test } from 'bun:test';
import { cacheNameOf, isAppRoute, outdatedCaches } from './shell-cache.ts';

test('the shell answers app routes and nothing of the server', () => {
  for (const path of [
    '/s/personal',
    '/s/personal/todo/1',
    '/settings',
    '/settings/storage',
    '/sign-in',
    '/history',
    '/bin',
    '/join',
    '/spaces/new',
    '/try',
    '/onboarding/look',
  ])
    expect(isAppRoute(path)).toBe(true);
  for (const path of [
    '/',
    '/api/v1/sync/pull',
    '/v1/models',
    '/mcp',
    '/health/ready',
    '/community',
    '/downloads/x.zip',
    '/.well-known/jwks.json',
    '/something',
    '/secret',
  ])
    expect(isAppRoute(path)).toBe(false);
});

test('one generation of the cache stays for tabs that are still open', () => {
  const names = ['mana-shell-1', 'other', 'mana-shell-2', 'mana-shell-3'];
  expect(outdatedCaches(names, cacheNameOf('3'))).toEqual(['mana-shell-1']);
  expect(outdatedCaches(['mana-shell-3'], cacheNameOf('3'))).toEqual([]);
});
