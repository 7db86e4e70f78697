import type { SessionState } from '@mana/shared/session/session';
import { settleAutosaves } from '#ui/autosave.svelte.ts';
import type { App } from '../app.svelte.ts';
import type { VaultWatch } from './watch-open-vault.ts';

/** Longest that a lock waits for what is being saved, in milliseconds: a disk that hangs must not keep it open. */
const settleMs = 2_000;

const veil = (on: boolean): void => void document.documentElement.toggleAttribute('data-veiled', on);

/** A page that showed a vault may hold on to parts of it, however carefully it was closed: a new one holds nothing. Where it could not be loaded, the closed one stays. */
async function leaveNothing(told: Promise<void>): Promise<void> {
  const loads = navigator.onLine || Boolean(navigator.serviceWorker?.controller);
  if (loads) veil(true);
  await told.catch(() => undefined);
  if (loads) location.reload();
}

/** Watches the lock of the account that is open. */
function createWatch({ session, clock }: App) {
  let watching: Promise<VaultWatch | undefined> | undefined;
  // Not of the first screen: fetched when it stands.
  const begin = async (): Promise<VaultWatch | undefined> => {
    const part = await import('./watch-open-vault.ts').catch(() => undefined);
    return part?.watchOpenVault(session, { clock, veil });
  };
  return {
    /** An account is open, or something about it changed. */
    look(): void {
      if (watching) void watching.then((watch) => watch?.reread());
      else watching = begin();
    },
    async stop(locked: boolean): Promise<void> {
      const stopping = watching;
      watching = undefined;
      await (await stopping)?.stop(locked);
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
    const told = watch.stop(kind === 'locked');
    app.forgetVault();
    if (shown !== undefined && kind === 'locked') void leaveNothing(told);
    shown = undefined;
  }

  session.subscribe(() => {
    const state = session.state();
    if (state.kind === 'open') opened(state);
    else closed(state.kind);
  });
}
