import type { SpaceView } from '@mana/shared/session/spaces';
import type { Store, Write } from '@mana/shared/store/store';
import { addressIn, type Place } from './open-space.ts';

/** What is told of a change. */
export interface ChangeWords {
  /** Told in a toast with "Undo"; without it the change is silent. */
  readonly done?: string;
}

interface Parts {
  readonly place: () => Place;
  /** The whole store of the open vault. */
  readonly vault: () => Store;
  readonly change: (store: Store, writes: readonly Write[], words: ChangeWords) => Promise<boolean>;
  /** Tells that nothing can be written here. */
  readonly refuse: () => void;
}

/** Adds what belongs to one space to what does not. Getters stay getters, so that screens see when something changes. */
export const inSpace = <Whole extends object>(whole: Whole, parts: Parts) =>
  Object.create(whole, Object.getOwnPropertyDescriptors(ofSpace(parts))) as Whole & ReturnType<typeof ofSpace>;

function ofSpace({ place, vault, change, refuse }: Parts) {
  const store = (): Store => vault().inSpace(place().shared?.id ?? vault().homeSpace);
  const readOnly = (): boolean => place().shared?.readOnly ?? false;
  return {
    /** What this space holds. */
    get store(): Store {
      return store();
    },
    /** The shared space; null for the person's own. */
    get space(): SpaceView | null {
      return place().shared;
    },
    /** Whether this person may only read here. */
    get readOnly(): boolean {
      return readOnly();
    },
    /** Writes, in this space unless a write names another. */
    async change(writes: readonly Write[], words: ChangeWords = {}): Promise<boolean> {
      if (!readOnly() || writes.every(({ space }) => space !== undefined)) return change(store(), writes, words);
      refuse();
      return false;
    },
    /** Address in this space. */
    href: (path = ''): string => addressIn(place().slug, path),
  };
}
