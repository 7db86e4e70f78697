import { createSubscriber } from 'svelte/reactivity';
import type { Sync, SyncStatus } from '@mana/shared/sync/status';

/** The state of a sync that screens follow. */
export function followSync(sync: Sync): { readonly status: SyncStatus } {
  const watch = createSubscriber((update) => sync.subscribe(update));
  return {
    get status() {
      watch();
      return sync.status();
    },
  };
}
