/** Keeps what is being typed: the first change is written at once, later ones as soon as the write before them is through. */
export interface DraftKeeper {
  typed(text: string): void;
  /** Resolves when the newest text is kept. */
  settled(): Promise<void>;
}

export function createDraftKeeper(keep: (text: string) => Promise<unknown>): DraftKeeper {
  let newest: string | null = null;
  let writing: Promise<void> | null = null;
  const drain = async (): Promise<void> => {
    while (newest !== null) {
      const text = newest;
      newest = null;
      await keep(text);
    }
    writing = null;
  };
  return {
    typed(text) {
      newest = text;
      writing ??= drain();
    },
    settled: () => writing ?? Promise.resolve(),
  };
}
