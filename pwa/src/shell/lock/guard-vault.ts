import type { SessionState } from '@mana/shared/session/session';
import { settleAutosaves } from '#ui/autosave.svelte.ts';
import type { App } from '../app.svelte.ts';
import type { AutoLock } from './auto-lock.ts';

/** Longest that a lock waits for what is being saved, in milliseconds: a disk that hangs must not keep it open. */
const settleMs = 2_000;

const veil = (on: boolean): void => void document.documentElement.toggleAttribute('data-veiled', on);

/** A page that showed a vault may hold on to parts of it, however carefully it was closed: a new one holds nothing. Where it could not be loaded, the closed one stays. */
function leaveNothing(): void {
  if (!navigator.onLine && !navigator.serviceWorker?.controller) return;
  veil(true);
  location.reload();
}

/** Watches the lock of the account that is open. */
function createWatch({ session, clock }: App) {
  let watching: Promise<AutoLock | undefined> | undefined;
  // Not of the first screen: fetched when it stands.
  const begin = async (): Promise<AutoLock | undefined> => {
    const auto = await import('./auto-lock.ts').catch(() => undefined);
    return auto?.startAutoLock({ locks: session.locks, clock, veil });
  };
  return {
    /** An account is open, or something about it changed. */
    look(): void {
      if (watching) void watching.then((lock) => lock?.reread());
      else watching = begin();
    },
    stop(): void {
      void watching?.then((lock) => lock?.stop());
      watching = undefined;
    },
  };
}

/** What is being typed is kept before the vault closes, what was shown of it goes with it, and its own lock is watched while it is open. */
export function guardVault(app: App): void {
  const { session } = app;
  const watch = createWatch(app);
  let shown: string | undefined;
  session.beforeClosing(() => Promise.race([settleAutosaves(), new Promise<void>((resolve) => setTimeout(resolve, settleMs))]));

  function opened({ account }: Extract<SessionState, { kind: 'open' }>): void {
    // Another account in the place of one: what was said and done in the first is not told in the second.
    if (shown !== undefined && shown !== account?.id) app.forgetVault();
    shown = account?.id;
    if (account) watch.look();
  }

  function closed(kind: SessionState['kind']): void {
    watch.stop();
    app.forgetVault();
    if (shown !== undefined && kind === 'locked') leaveNothing();
    shown = undefined;
  }

  session.subscribe(() => {
    const state = session.state();
    if (state.kind === 'open') opened(state);
    else closed(state.kind);
  });
}
