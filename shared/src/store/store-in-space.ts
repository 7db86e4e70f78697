import type { Store } from './store.ts';

/** Makes the way from a store to the same store in another space: one object for each space, so that screens may keep things by it. */
export function storesBySpace<Opened extends Store>(opened: () => Opened): (space: string) => Store {
  const made = new Map<string, Store>();
  return (space) => {
    const whole = opened();
    if (space === whole.homeSpace) return whole;
    const known = made.get(space) ?? inSpace(whole, space);
    made.set(space, known);
    return known;
  };
}

const inSpace = (whole: Store, space: string): Store => ({
  ...whole,
  space,
  table: (table, of = space) => whole.table(table, of),
  whenComplete: (table, of = space) => whole.whenComplete(table, of),
  write: (writes, options = {}) => whole.write(writes, { space, ...options }),
});
