import { startSlices, type SliceDeps } from './slices.ts';
import type { OpenRecord, ViewFeed, ViewFollower } from './store.ts';

/** Parts of a feed. */
export interface ViewFeedDeps extends SliceDeps {
  /** Says that followers know more than before. */
  readonly announce: () => void;
}

/** Hands a view's live records to those who follow it: what is there in slices of time, what changes at once. */
export class ViewFeeds {
  readonly #deps: ViewFeedDeps;
  readonly #live: ReadonlyMap<string, OpenRecord>;
  readonly #followers = new Set<ViewFollower<OpenRecord['values']>>();

  constructor(deps: ViewFeedDeps, live: ReadonlyMap<string, OpenRecord>) {
    this.#deps = deps;
    this.#live = live;
  }

  follow(follower: ViewFollower<OpenRecord['values']>): ViewFeed {
    let complete = false;
    this.#followers.add(follower);
    void this.#fill(follower).then(() => {
      complete = true;
      this.#deps.announce();
    });
    return {
      get complete() {
        return complete;
      },
      stop: () => void this.#followers.delete(follower),
    };
  }

  put(record: OpenRecord): void {
    for (const follower of this.#followers) follower.put(record);
  }

  drop(id: string): void {
    for (const follower of this.#followers) follower.drop(id);
  }

  clear(): void {
    for (const follower of this.#followers) follower.clear();
    this.#followers.clear();
  }

  /** A map can change while it is walked: what is new comes at its end, what is gone is left out. */
  async #fill(follower: ViewFollower<OpenRecord['values']>): Promise<void> {
    const breathe = startSlices(this.#deps);
    for (const record of this.#live.values()) {
      if (!this.#followers.has(follower)) return;
      follower.put(record);
      const pause = breathe();
      if (!pause) continue;
      this.#deps.announce();
      await pause;
    }
  }
}
