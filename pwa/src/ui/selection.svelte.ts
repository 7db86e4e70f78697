/** Several entries of a list, chosen to do one thing with all of them. */
export function createSelection() {
  let ids = $state.raw<ReadonlySet<string>>(new Set());
  let on = $state(false);
  return {
    get on(): boolean {
      return on;
    },
    get ids(): readonly string[] {
      return [...ids];
    },
    has: (id: string): boolean => ids.has(id),
    toggle: (id: string): void => {
      const next = new Set(ids);
      if (!next.delete(id)) next.add(id);
      ids = next;
    },
    begin: (): void => {
      on = true;
    },
    end: (): void => {
      on = false;
      ids = new Set();
    },
  };
}

export type Selection = ReturnType<typeof createSelection>;
