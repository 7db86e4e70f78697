import type { SpaceView } from '@mana/shared/session/spaces';
import { m } from '#messages';

/** What a type of space is for. */
export const typeHints: Readonly<Record<SpaceView['type'], () => string>> = {
  family: m.space_type_family_hint,
  team: m.space_type_team_hint,
  club: m.space_type_club_hint,
  brand: m.space_type_brand_hint,
  practice: m.space_type_practice_hint,
};
