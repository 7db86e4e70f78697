import { goto } from '$app/navigation';
import { m } from '#messages';
import type { App } from '../app.svelte.ts';
import { followLogs } from '../records/follow-logs.ts';

/** Tells the person once when an own edit lost against somebody else's. Returns the way to stop. */
export function followLosses(app: App): () => void {
  const { vault: store } = app;
  const told = new Set<string>();

  async function tell(): Promise<void> {
    const fresh = (await store.history()).filter(({ id, notice }) => notice && !told.has(id));
    for (const { id } of fresh) told.add(id);
    if (fresh.length > 0)
      app.toasts.lead(m.history_notice({ count: fresh.length }), { label: m.history_look(), run: () => void goto('/history') });
  }

  return followLogs(store, tell);
}
