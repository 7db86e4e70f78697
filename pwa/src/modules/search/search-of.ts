import { allTableSchemas } from '@mana/shared/modules/all-modules';
import { createSearchIndex, type SearchIndex } from '@mana/shared/search/search-index';
import type { Store } from '@mana/shared/store/store';
import type { App } from '#shell/app.svelte.ts';

const indexes = new WeakMap<Store, SearchIndex>();

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

/** The index of the open vault: built at the first search, then kept up to date; gone with the vault. */
export function searchOf(app: App): SearchIndex {
  const known = indexes.get(app.store);
  if (known) return known;
  const made = createSearchIndex({ store: app.store, tables: allTableSchemas, clock: app.clock, pause });
  indexes.set(app.store, made);
  return made;
}
