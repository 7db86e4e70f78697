import type { App } from '../app.svelte.ts';

/** Tells once how many of a guest's entries are in the account. Returns the way to stop. */
export function followGuestMove(app: App): () => void {
  const { session } = app;
  let before = session.migration();
  return session.subscribe(() => {
    const now = session.migration();
    const isWhole = before !== null && before.done === before.total && before.total > 0;
    const moved = before?.total ?? 0;
    before = now;
    if (isWhole && now === null) void import('./rare-notices.ts').then(({ noticeMove }) => noticeMove(app, moved));
  });
}
