import type { Keyring } from '#crypto/keyring.ts';
import type { OutboxStore, ResealStep } from '#store/outbox-store.ts';
import type { Sync, SyncStatus } from './status.ts';

/** Records that are sealed anew at a time: between two slices the person's own edits leave. */
const sliceRecords = 100;
/** A space that has never had another key. */
const firstEpoch = 1;

interface ResealingDeps {
  readonly store: OutboxStore;
  readonly keyring: Keyring;
  readonly sync: Sync;
  readonly spaces: () => readonly string[];
}

/** A sync that also, while nothing else waits, seals under a space's newest key what older ones sealed. It shows its progress, and goes on after any interruption. */
export const createResealing = (deps: ResealingDeps): Sync => new Resealing(deps);

class Resealing implements Sync {
  readonly #deps: ResealingDeps;
  readonly #listeners = new Set<() => void>();
  readonly #stopFollowing: () => void;
  #progress: SyncStatus['resealing'] = null;
  #place: { readonly space: string; readonly epoch: number; readonly step: ResealStep } | undefined;
  #queued = 0;
  #running: Promise<void> | undefined;
  #stopped = false;

  constructor(deps: ResealingDeps) {
    this.#deps = deps;
    this.#stopFollowing = deps.sync.subscribe(() => {
      this.#tell();
      this.#begin();
    });
  }

  /** What is only sealed anew is nothing that the person waits for. */
  status(): SyncStatus {
    const status = this.#deps.sync.status();
    if (this.#queued === 0) return { ...status, resealing: this.#progress };
    const unsent = Math.max(0, status.unsent - this.#queued);
    const state = status.state === 'sending' && unsent === 0 ? 'synced' : status.state;
    return { ...status, state, unsent, resealing: this.#progress };
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  syncNow(): Promise<void> {
    return this.#deps.sync.syncNow();
  }

  pauseDownload(isPaused: boolean): void {
    this.#deps.sync.pauseDownload(isPaused);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#stopFollowing();
    this.#listeners.clear();
    await Promise.all([this.#running, this.#deps.sync.stop()]);
  }

  #begin(): void {
    if (this.#stopped || this.#running || !this.#isQuiet()) return;
    this.#queued = 0;
    const space = this.#nextSpace();
    if (space === undefined) {
      if (this.#progress) this.#show(null);
      return;
    }
    this.#running = this.#seal(space).finally(() => {
      this.#running = undefined;
      if (this.#queued === 0) this.#begin();
    });
  }

  /** Nothing waits and everything is here: what is not fetched yet may be sealed anew already. */
  #isQuiet(): boolean {
    const { state, unsent, downloadLeft, downloadPaused, lastSyncedAt } = this.#deps.sync.status();
    const isHere = downloadLeft === 0 && !downloadPaused && lastSyncedAt !== null;
    return state === 'synced' && unsent === 0 && isHere;
  }

  #nextSpace(): string | undefined {
    const { store, keyring, spaces } = this.#deps;
    const { resealed = {} } = store.place();
    return spaces().find((space) => keyring.currentEpoch(space) > (resealed[space] ?? firstEpoch));
  }

  async #seal(space: string): Promise<void> {
    const { store, keyring } = this.#deps;
    const epoch = keyring.currentEpoch(space);
    const isGoingOn = this.#place?.space === space && this.#place.epoch === epoch;
    this.#queued = sliceRecords; // as many at most, until it is known
    const step = await store.resealSlice({ space, before: isGoingOn ? this.#place?.step : undefined, limit: sliceRecords });
    if (!step.ok) return this.#pauseUntilTold();
    const { after, done, total, queued } = step.value;
    this.#queued = queued;
    this.#place = { space, epoch, step: step.value };
    this.#show({ done, total });
    if (after !== undefined || queued > 0) return;
    const noted = await store.movePlace((place) => ({ ...place, resealed: { ...place.resealed, [space]: epoch } }));
    if (!noted.ok) this.#pauseUntilTold();
  }

  /** A storage that refuses is asked again when sync has something to tell. */
  #pauseUntilTold(): void {
    this.#queued = 1;
  }

  #show(progress: SyncStatus['resealing']): void {
    this.#progress = progress;
    this.#tell();
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
