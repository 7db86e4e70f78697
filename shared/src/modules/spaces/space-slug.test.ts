import { expect, test } from 'bun:test';
import { newId } from '#base/ids.ts';
import { systemClock } from '#base/clock.ts';
import { systemRandom } from '#base/random.ts';
import { PERSONAL_SLUG, slugAmong, spaceOfSlug, spaceSlug } from './space-slug.ts';

const space = (id: string) => ({ id, type: 'family' as const });
const [one, other] = [space('01938f6e-0000-7000-8000-0123456789ab'), space('01938f6e-1111-7000-8000-ff23456789ab')];

test('a slug is made of type and id alone, so that all members have the same one and no server reads a name in it', () => {
  expect(spaceSlug(one)).toBe('family-23456789ab');
  expect(spaceOfSlug([one], 'family-23456789ab')).toBe(one);
  expect(spaceOfSlug([one], 'club-23456789ab')).toBeUndefined();
});

test('of two spaces with the same slug each has an address that leads to it and to no other', () => {
  expect(spaceSlug(one)).toBe(spaceSlug(other));
  for (const each of [one, other]) expect(spaceOfSlug([one, other], slugAmong([one, other], each))).toBe(each);
});

test('a thousand spaces made in the same moment have a thousand slugs, and none of them is that of the personal space', () => {
  const slugs = new Set(Array.from({ length: 1_000 }, () => spaceSlug(space(newId({ clock: systemClock, random: systemRandom })))));
  expect([slugs.size, slugs.has(PERSONAL_SLUG)]).toEqual([1_000, false]);
});
