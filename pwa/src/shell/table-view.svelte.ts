import { createSubscriber } from 'svelte/reactivity';
import type { Rows } from '@mana/shared/base/sorted-list';
import { RecordOrder } from '@mana/shared/store/record-order';
import type { OpenRecord, TableView, ViewFeed } from '@mana/shared/store/store';

/** A table view that screens follow. */
export function followTable<Values>(view: TableView<Values>): Pick<TableView<Values>, 'complete' | 'all' | 'bin' | 'get' | 'seedCount'> {
  const watch = createSubscriber((update) => view.subscribe(update));
  return {
    get complete() {
      watch();
      return view.complete;
    },
    all: () => {
      watch();
      return view.all();
    },
    bin: () => {
      watch();
      return view.bin();
    },
    get: (id) => {
      watch();
      return view.get(id);
    },
    seedCount: () => {
      watch();
      return view.seedCount();
    },
  };
}

interface Kept<Values> {
  readonly order: RecordOrder<Values>;
  readonly feed: ViewFeed;
}

const keptOrders = new WeakMap<object, Map<unknown, unknown>>();

/** One order for all screens that ask for it, as long as the vault is open. */
function keptOrder<Values>(view: TableView<Values>, compare: (a: OpenRecord<Values>, b: OpenRecord<Values>) => number): Kept<Values> {
  const ofView = keptOrders.get(view) ?? new Map<unknown, unknown>();
  keptOrders.set(view, ofView);
  const known = ofView.get(compare) as Kept<Values> | undefined;
  if (known) return known;
  const order = new RecordOrder<Values>(compare);
  const made = { order, feed: view.follow(order) };
  ofView.set(compare, made);
  return made;
}

/** Records of a view in an order that is kept as they change; each reading gives a new object when something may have changed. */
export function followOrder<Values>(
  view: TableView<Values>,
  compare: (a: OpenRecord<Values>, b: OpenRecord<Values>) => number,
): { readonly complete: boolean; readonly rows: () => Rows<OpenRecord<Values>> & Iterable<OpenRecord<Values>> } {
  const { order, feed } = keptOrder(view, compare);
  const watch = createSubscriber((update) => view.subscribe(update));
  return {
    get complete() {
      watch();
      return view.complete && feed.complete;
    },
    rows: () => {
      watch();
      return asNow(order);
    },
  };
}

/** The same rows under a new name, so that what reads them reads them again. */
export const asNow = <T>(rows: Rows<T> & Iterable<T>): Rows<T> & Iterable<T> => ({
  length: rows.length,
  at: (index) => rows.at(index),
  slice: (from, to) => rows.slice(from, to),
  [Symbol.iterator]: () => rows[Symbol.iterator](),
});
