/** How long a toast stays, in milliseconds: long enough to read it and to reach its button. */
const STAY_MS = 10_000;

/** Most toasts at once: more would cover what the person does. */
const MAX_SHOWN = 3;

interface ToastParts {
  readonly text: string;
  readonly look?: 'plain' | 'problem';
  /** What it is about, where a later message of the same takes its place. */
  readonly topic?: string;
  readonly action?: { readonly label: string; readonly run: () => void };
}

/** A short message with at most one thing to do about it. */
export interface Toast extends ToastParts {
  readonly id: number;
}

/** The messages on the screen, the newest last. */
export function createToasts() {
  let shown = $state.raw<readonly Toast[]>([]);
  let lastId = 0;

  const dismiss = (id: number): void => {
    shown = shown.filter((toast) => toast.id !== id);
  };

  return {
    get shown(): readonly Toast[] {
      return shown;
    },
    show(parts: ToastParts): void {
      const toast = { ...parts, id: ++lastId };
      const others = shown.filter(({ topic }) => topic === undefined || topic !== parts.topic);
      shown = [...others, toast].slice(-MAX_SHOWN);
      setTimeout(() => dismiss(toast.id), STAY_MS);
    },
    act(toast: Toast): void {
      dismiss(toast.id);
      toast.action?.run();
    },
    clear(): void {
      shown = [];
    },
  };
}

export type Toasts = ReturnType<typeof createToasts>;
