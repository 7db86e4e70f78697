import { spaceProfiles } from '@mana/shared/modules/spaces/spaces';
import type { ValuesOf } from '@mana/shared/modules/define-module';
import type { SpaceView } from '@mana/shared/session/spaces';
import type { Store } from '@mana/shared/store/store';
import { m } from '#messages';
import { followTable } from '../table-view.svelte.ts';

type Profiles = ReturnType<typeof followTable<ValuesOf<typeof spaceProfiles>>>;

/** What a space is called while its name has not arrived. */
export const typeWords: Readonly<Record<SpaceView['type'], () => string>> = {
  family: m.space_type_family,
  team: m.space_type_team,
  club: m.space_type_club,
  brand: m.space_type_brand,
  practice: m.space_type_practice,
};

/** What members say of their spaces: each space has one record of it. */
export function createSpaceNames(vault: () => Store) {
  const known = new WeakMap<object, Profiles>();

  function profileOf({ id }: Pick<SpaceView, 'id'>): ValuesOf<typeof spaceProfiles> | undefined {
    const view = vault().table(spaceProfiles, id);
    const followed = known.get(view) ?? followTable(view);
    known.set(view, followed);
    return followed.all()[0]?.values;
  }

  return {
    profileOf,
    /** The name of a space; null is the person's own. */
    of: (space: SpaceView | null): string => (space === null ? m.space_personal() : (profileOf(space)?.name ?? typeWords[space.type]())),
  };
}
