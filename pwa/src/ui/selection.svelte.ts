import { SvelteSet } from 'svelte/reactivity';

/** Several entries of a list, chosen to do one thing with all of them. */
export function createSelection() {
  const ids = new SvelteSet<string>();
  let on = $state(false);
  return {
    get on(): boolean {
      return on;
    },
    get ids(): readonly string[] {
      return [...ids];
    },
    has: (id: string): boolean => ids.has(id),
    toggle: (id: string): void => void (ids.delete(id) || ids.add(id)),
    begin: (): void => {
      on = true;
    },
    end: (): void => {
      on = false;
      ids.clear();
    },
  };
}

export type Selection = ReturnType<typeof createSelection>;
