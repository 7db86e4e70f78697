import { derivedId } from '#base/derived-id.ts';

/** Id of the one record that a singleton table holds of its owner (an account or a space): whoever makes it makes the same. */
export const singletonId = (table: string, owner: string): string => derivedId('singleton', table, owner);
