import { generateKeyBetween } from 'fractional-indexing';
import type { Rows } from '#base/sorted-list.ts';
import type { ListedTask } from './task-rules.ts';

const isKey = (key: string | undefined): key is string => {
  if (key === undefined) return true;
  try {
    generateKeyBetween(key, null);
    return true;
  } catch {
    return false;
  }
};

/**
 * Order of a record between two neighbours (either may be missing).
 * Invariant 1: greater than `above`. Invariant 2: smaller than `below`, unless both neighbours are equal or not orders at all:
 * then it lies just behind `above`, and the time of making decides.
 */
export function orderBetween(above: string | undefined, below: string | undefined): string {
  const low = isKey(above) ? (above ?? null) : null;
  const high = isKey(below) ? (below ?? null) : null;
  return low !== null && high !== null && low >= high ? generateKeyBetween(low, null) : generateKeyBetween(low, high);
}

/** What moving records among their neighbours changes: ids with new orders, as few as the place allows. */
export function reorder(ordered: Rows<ListedTask>, from: number, to: number): readonly { readonly id: string; readonly order: string }[] {
  const moved = from < 0 ? undefined : ordered.at(from);
  if (moved === undefined || from === to || to < 0 || to >= ordered.length) return [];
  /** The neighbours as they are without the moved one. */
  const orderAt = (index: number): string | undefined =>
    index < 0 ? undefined : ordered.at(index < from ? index : index + 1)?.values.order;
  const [above, below] = [orderAt(to - 1), orderAt(to)];
  if (above === undefined || below === undefined || above < below) return [{ id: moved.id, order: orderBetween(above, below) }];
  return spread(
    ordered
      .slice(0, ordered.length)
      .filter((task) => task !== moved)
      .toSpliced(to, 0, moved),
  );
}

/** New orders for a whole list; needed where neighbours share one. */
function spread(ordered: readonly ListedTask[]): readonly { readonly id: string; readonly order: string }[] {
  let last: string | undefined;
  return ordered.map(({ id }) => {
    last = orderBetween(last, undefined);
    return { id, order: last };
  });
}
