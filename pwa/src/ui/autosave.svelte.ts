interface AutosaveDeps {
  /** The value as stored now; reactive. */
  readonly stored: () => string;
  /** Writes a value; resolves when it is durable. */
  readonly save: (value: string) => Promise<void>;
}

/**
 * A text field that has no save button. A keystroke is saved at once; those that come while one is being saved are saved
 * together as soon as that is durable: a tab that dies takes what was typed during one write with it, some milliseconds. While it is untouched it shows what is stored; while it is touched, typing wins.
 */
export function createAutosave({ stored, save }: AutosaveDeps) {
  let draft = $state<string | undefined>();
  let saved: string | undefined;
  let saving: Promise<void> | undefined;

  async function saveAll(): Promise<void> {
    while (draft !== undefined && draft !== saved) {
      saved = draft;
      await save(saved);
    }
  }

  function saveNow(): Promise<void> {
    saving ??= saveAll().finally(() => {
      saving = undefined;
    });
    return saving;
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
    /** The field was left: what was typed is saved, and the stored value shows again. */
    async leave(): Promise<void> {
      const left = draft;
      await saveNow();
      if (draft === left) draft = undefined;
    },
    saveNow,
  };
}
