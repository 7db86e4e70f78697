import { createSubscriber } from 'svelte/reactivity';
import type { TableView } from '@mana/shared/store/store';

/** A table view that screens follow. */
export function followTable<Values>(view: TableView<Values>): Omit<TableView<Values>, 'subscribe'> {
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
  };
}
