/** Longest time that typed text is only on the screen, in milliseconds. */
const SAVE_EVERY_MS = 200;

interface AutosaveDeps {
  /** The value as stored now; reactive. */
  readonly stored: () => string;
  /** Writes a value; resolves when it is durable. */
  readonly save: (value: string) => Promise<void>;
}

/**
 * A text field that has no save button. The first keystroke is saved at once, further ones at most every 200 ms and when
 * the field or the page is left. While it is untouched it shows what is stored; while it is touched, typing wins.
 */
export function createAutosave({ stored, save }: AutosaveDeps) {
  let draft = $state<string | undefined>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let saving: Promise<void> = Promise.resolve();
  let saved: string | undefined;

  function saveNow(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const value = draft;
    if (value === undefined || value === saved) return saving;
    saved = value;
    saving = saving.then(() => save(value));
    return saving;
  }

  function schedule(): void {
    if (timer !== undefined) return;
    void saveNow();
    timer = setTimeout(() => {
      timer = undefined;
      void saveNow();
    }, SAVE_EVERY_MS);
  }

  return {
    get value(): string {
      return draft ?? stored();
    },
    set value(next: string) {
      if (draft === undefined) saved = stored();
      draft = next;
      schedule();
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
