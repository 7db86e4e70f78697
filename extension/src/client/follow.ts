import { createSubscriber } from 'svelte/reactivity';

/** Something that tells when it has changed. */
export interface Followed {
  subscribe(listener: () => void): () => void;
}

/** A value that Svelte reads again whenever its source says that it has changed. */
export function follow<Value>(source: Followed, read: () => Value): { readonly current: Value } {
  const watch = createSubscriber((update) => source.subscribe(update));
  return {
    get current() {
      watch();
      return read();
    },
  };
}
