import type { SharedType } from '#wire/space-statement.ts';

/** What stands for the person's own space in an address. */
export const PERSONAL_SLUG = 'personal';

/** Digits of a space's id that its address carries: its last, which are random. Two of 100 spaces share them once in 200 million. */
const codeDigits = 10;

interface Named {
  readonly id: string;
  readonly type: SharedType;
}

const plain = (id: string): string => id.replaceAll('-', '');

/**
 * What stands for a shared space in an address: the same for all of its members, and for ever. It says nothing that the server does not
 * know: the name, which may change and which the server cannot read, is no part of it.
 */
export const spaceSlug = ({ id, type }: Named): string => `${type}-${plain(id).slice(-codeDigits)}`;

/** The space that an address names; undefined where this person has none such. Where two share a slug, the whole id tells them apart. */
export function spaceOfSlug<Space extends Named>(spaces: readonly Space[], slug: string): Space | undefined {
  return spaces.find(({ id }) => id === slug) ?? spaces.find((space) => spaceSlug(space) === slug);
}

/** The address of a space among those that the person has. */
export function slugAmong(spaces: readonly Named[], space: Named): string {
  const slug = spaceSlug(space);
  return spaceOfSlug(spaces, slug)?.id === space.id ? slug : space.id;
}
