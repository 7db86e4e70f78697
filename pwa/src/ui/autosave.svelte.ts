interface AutosaveDeps {
  /** The value as stored now; reactive. */
  readonly stored: () => string;
  /** Writes a value; resolves when it is durable, with false when it was refused. */
  readonly save: (value: string) => Promise<boolean>;
}

const unsettled = new Set<Promise<void>>();

/** Resolves when nothing that was typed is on its way any more. */
export async function settleAutosaves(): Promise<void> {
  while (unsettled.size > 0) await Promise.allSettled(unsettled);
}

/**
 * A text field that has no save button. A keystroke is saved at once; those that come while one is being saved are saved
 * together as soon as that is durable: a tab that dies takes what was typed during one write with it, some milliseconds.
 * While it is untouched it shows what is stored; while it is touched, typing wins. What was refused stays in the field, and is tried again
 * with the next keystroke and when the field is left.
 */
export function createAutosave({ stored, save }: AutosaveDeps) {
  let draft = $state<string | undefined>();
  let saved: string | undefined;
  let saving: Promise<void> | undefined;

  async function saveAll(): Promise<void> {
    while (draft !== undefined && draft !== saved) {
      const next = draft;
      if (!(await save(next))) return;
      saved = next;
    }
  }

  function saveNow(): Promise<void> {
    if (saving) return saving;
    const begun = saveAll().finally(() => {
      saving = undefined;
      unsettled.delete(begun);
    });
    saving = begun;
    unsettled.add(begun);
    return begun;
  }

  return {
    get value(): string {
      return draft ?? stored();
    },
    set value(next: string) {
      if (draft === undefined) saved = stored();
      draft = next;
      void saveNow();
    },
    /** The field was left: what was typed is saved, and the stored value shows again; what was refused stays. */
    async leave(): Promise<void> {
      await saveNow();
      if (draft === saved) draft = undefined;
    },
    saveNow,
    /** Whether something typed is not stored, although nothing is being saved. */
    get refused(): boolean {
      return saving === undefined && draft !== undefined && draft !== saved;
    },
  };
}
