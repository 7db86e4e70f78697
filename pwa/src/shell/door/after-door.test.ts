import { expect, test } from 'bun:test';
import { afterDoor, doorWithWish, withJoin } from './after-door.ts';

test('an invitation goes along through every door, behind the hash, and comes out whole', () => {
  const door = new URL(withJoin('/sign-up', '1.secret.name'), 'https://mana.example');
  expect(door.pathname + door.search).toBe('/sign-up');
  const other = new URL(doorWithWish('/sign-in', door.hash), 'https://mana.example');
  expect(afterDoor(other.hash, '/s/personal')).toBe('/join#1.secret.name');
});

test('without an invitation a door leads home, whatever stands behind the hash', () => {
  expect([afterDoor('', '/s/personal'), afterDoor('#//evil.example', '/s/personal')]).toEqual(['/s/personal', '/s/personal']);
  expect(doorWithWish('/sign-in', '#x')).toBe('/sign-in');
});
