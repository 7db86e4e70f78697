import type { OpenRecord, TableView, ViewFollower } from '#store/store.ts';

/** A table view over records that a test puts and drops; followers and listeners hear of it at once. */
export interface FakeView extends TableView<OpenRecord['values']> {
  put(record: OpenRecord): void;
  drop(id: string): void;
}

/** A table view in memory without a store. */
export function createFakeView(records: Iterable<OpenRecord> = []): FakeView {
  const live = new Map<string, OpenRecord>();
  const followers = new Set<ViewFollower<OpenRecord['values']>>();
  const listeners = new Set<() => void>();
  for (const record of records) live.set(record.id, record);
  const tell = (): void => listeners.forEach((listener) => listener());
  return {
    complete: true,
    all: () => [...live.values()],
    bin: () => [],
    get: (id) => live.get(id),
    seedCount: () => [...live.values()].filter(({ seed }) => seed).length,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    follow(follower) {
      followers.add(follower);
      for (const record of live.values()) follower.put(record);
      return { complete: true, stop: () => void followers.delete(follower) };
    },
    put(record) {
      live.set(record.id, record);
      for (const follower of followers) follower.put(record);
      tell();
    },
    drop(id) {
      live.delete(id);
      for (const follower of followers) follower.drop(id);
      tell();
    },
  };
}
