/** Most changes that can be taken back one after the other. */
const MAX_UNDO = 50;

/** Changes of this tab, the newest last. */
export function createUndoStack() {
  let ids: readonly string[] = [];
  return {
    push: (changeId: string): void => {
      ids = [...ids, changeId].slice(-MAX_UNDO);
    },
    /** Takes a given change off the stack, or the newest one. */
    take: (changeId?: string): string | undefined => {
      const taken = changeId ?? ids.at(-1);
      ids = ids.filter((id) => id !== taken);
      return taken;
    },
    clear: (): void => {
      ids = [];
    },
  };
}
