import { derivedId } from '#base/derived-id.ts';

/** Id of a space's profile: every member's device derives the same. */
export const profileIdOf = (space: string): string => derivedId('spaceProfiles', space);
