/** Most changes that can be taken back one after the other. */
const MAX_UNDO = 50;

/** Changes of this tab, and what was taken back of them, the newest last. */
export function createUndoStack() {
  let ids: readonly string[] = [];
  let undone: readonly string[] = [];
  const add = (changeId: string): void => {
    ids = [...ids, changeId].slice(-MAX_UNDO);
  };
  return {
    /** A new change: what was taken back before it cannot be done again any more. */
    push: (changeId: string): void => {
      add(changeId);
      undone = [];
    },
    /** Takes a given change off the stack, or the newest one. */
    take: (changeId?: string): string | undefined => {
      const taken = changeId ?? ids.at(-1);
      ids = ids.filter((id) => id !== taken);
      return taken;
    },
    /** A change that took another back: taking it back in turn does that one again. */
    pushUndone: (changeId: string): void => {
      undone = [...undone, changeId].slice(-MAX_UNDO);
    },
    takeUndone: (): string | undefined => {
      const taken = undone.at(-1);
      undone = undone.slice(0, -1);
      return taken;
    },
    /** A change that was done again. */
    pushRedone: add,
    clear: (): void => {
      ids = [];
      undone = [];
    },
  };
}
