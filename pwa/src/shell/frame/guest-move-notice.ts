import { m } from '#messages';
import type { App } from '../app.svelte.ts';

/** Tells once how many of a guest's entries are in the account. Returns the way to stop. */
export function followGuestMove({ session, toasts }: App): () => void {
  let before = session.migration();
  return session.subscribe(() => {
    const now = session.migration();
    const isWhole = before !== null && before.done === before.total && before.total > 0;
    if (isWhole && now === null) toasts.show(m.move_done({ count: before?.total ?? 0 }));
    before = now;
  });
}
