import { derivedId } from '#base/derived-id.ts';

/** Id of the one record: every device of the person writes the same. */
export const homeCardsId = (space: string): string => derivedId('home-cards', space);
