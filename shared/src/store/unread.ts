import type { SyncPlace } from './storage.ts';
import type { StoreCore } from './store-core.ts';

/** Remembers from where to read again once more can be opened. */
export function noteUnread(core: StoreCore, space: string, place: SyncPlace): SyncPlace {
  const before = place.unread?.[space];
  const seq = Math.min(before?.seq ?? Infinity, place.cursors[space] ?? 0);
  return { ...place, unread: { ...place.unread, [space]: { seq, epoch: core.currentEpoch(space), tables: core.fingerprint } } };
}

/** Goes back to what could not be read, where a key or a version came since. */
export function rereadUnread(core: StoreCore, place: SyncPlace): SyncPlace {
  const ready = Object.entries(place.unread ?? {}).filter(
    ([space, { epoch, tables }]) => core.currentEpoch(space) > epoch || tables !== core.fingerprint,
  );
  if (ready.length === 0) return place;
  const isReady = new Set(ready.map(([space]) => space));
  const cursors = { ...place.cursors };
  for (const [space, { seq }] of ready) cursors[space] = Math.min(cursors[space] ?? 0, seq);
  return { ...place, cursors, unread: Object.fromEntries(Object.entries(place.unread ?? {}).filter(([space]) => !isReady.has(space))) };
}
