import type { App } from '../app.svelte.ts';
import { followLogs } from '../records/follow-logs.ts';

/** Tells the person once of each own edit that lost against somebody else's. Returns the way to stop. */
export function followLosses(app: App): () => void {
  const { vault: store } = app;
  const told = new Set<string>();

  async function tell(): Promise<void> {
    const unseen = (await store.history()).filter(({ notice }) => notice);
    if (unseen.every(({ id }) => told.has(id))) return;
    for (const { id } of unseen) told.add(id);
    const { noticeLosses } = await import('./rare-notices.ts');
    noticeLosses(app, unseen.length);
  }

  return followLogs(store, tell);
}
