import type { Store } from '@mana/shared/store/store';

/** Reads history or quarantine now and whenever one of them was written: an ordinary edit must not wait behind such a read. Returns the way to stop. */
export function followLogs(store: Store, read: () => unknown): () => void {
  let known = store.logsVersion();
  read();
  return store.subscribe(() => {
    if (store.logsVersion() === known) return;
    known = store.logsVersion();
    read();
  });
}
