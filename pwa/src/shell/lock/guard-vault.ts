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

/** What is being typed is kept before the vault closes, what was shown of it goes with it, and its own lock is watched while it is open. */
export function guardVault(app: App): void {
  const { session, clock } = app;
  let watching: Promise<AutoLock> | undefined;
  let wasOpen = false;
  let shown: string | undefined;
  session.beforeClosing(() => Promise.race([settleAutosaves(), new Promise<void>((resolve) => setTimeout(resolve, settleMs))]));
  session.subscribe(() => {
    const state = session.state();
    if (state.kind === 'open') {
      wasOpen = true;
      // Another account in the place of one: what was said and done in the first is not told in the second.
      if (shown !== undefined && shown !== state.account?.id) app.forgetVault();
      shown = state.account?.id;
      if (!state.account) return;
      if (watching) void watching.then((lock) => lock.reread());
      // Not of the first screen: fetched when it stands.
      else watching = import('./auto-lock.ts').then(({ startAutoLock }) => startAutoLock({ locks: session.locks, clock, veil }));
      return;
    }
    void watching?.then((lock) => lock.stop());
    watching = undefined;
    app.forgetVault();
    if (wasOpen && state.kind === 'locked') leaveNothing();
    wasOpen = false;
    shown = undefined;
  });
}
