import { PERSONAL_SLUG, slugAmong, spaceOfSlug } from '@mana/shared/modules/spaces/space-slug';
import type { SpaceView } from '@mana/shared/session/spaces';

/** The space that an address names: one that is shared, or the person's own. */
export interface Place {
  readonly slug: string;
  /** Null for the person's own space. */
  readonly shared: SpaceView | null;
}

/** The person's own space. */
export const personal: Place = { slug: PERSONAL_SLUG, shared: null };

/** The space of an address; undefined where this person is in none such. */
export function placeAt(spaces: readonly SpaceView[], slug: string): Place | undefined {
  if (slug === PERSONAL_SLUG) return personal;
  const shared = spaceOfSlug(spaces, slug);
  return shared && { slug: slugAmong(spaces, shared), shared };
}

/** A place that stays, with what is known of it now: also when this person is no longer in it. */
export function placeForGood(place: Place, spaces: () => readonly SpaceView[]): () => Place {
  const { slug, shared } = place;
  return () => ({ slug, shared: spaces().find(({ id }) => id === shared?.id) ?? shared });
}

/** The address of a space, or of something in it. */
export const addressIn = (slug: string, path = ''): string => (path === '' ? `/s/${slug}` : `/s/${slug}/${path}`);

/** The address of a shared space, or of something in it. */
export const addressOf = (spaces: readonly SpaceView[], space: Pick<SpaceView, 'id' | 'type'>, path = ''): string =>
  addressIn(slugAmong(spaces, space), path);
