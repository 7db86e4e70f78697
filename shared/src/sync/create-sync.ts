import { err, ok, type Result } from '#base/result.ts';
import { Download } from './download.ts';
import { asTransportFailure, Exchange } from './exchange.ts';
import type { ExchangeFailure } from './exchange-failure.ts';
import { HeadStart } from './head-start.ts';
import { LiveFeed } from './live-feed.ts';
import { QuietWork } from './quiet-work.ts';
import { createResealing } from './resealing.ts';
import { chanceOf, decideRetry } from './retry-policy.ts';
import { aesFieldSealing, createFieldOpener } from './seal-ops.ts';
import { CLOCK_TOLD_MS, type Sync, type SyncStatus } from './status.ts';
import type { SyncDeps } from './sync-deps.ts';

/** Further edits wait this long for company, in milliseconds; the first one leaves at once. */
const gatherMs = 100;
/** How often to ask while live updates are down, in milliseconds. */
const pollMs = 60_000;

/** Moves edits to the server and others' edits here, in at most one tab. */
export const createSync = (deps: SyncDeps): Sync => createResealing({ ...deps, sync: new SyncLoop(deps), spaces: () => spacesOf(deps) });

const spacesOf = ({ spaces, store }: SyncDeps): readonly string[] => spaces?.() ?? [store.homeSpace];

type Trouble = 'offline' | 'failing' | 'outdated' | 'signed-out';
type Outcome = Promise<Result<void, ExchangeFailure>>;
type Cancel = (() => void) | undefined;

class SyncLoop implements Sync {
  readonly #deps: SyncDeps;
  readonly #exchange: Exchange;
  readonly #download: Download;
  readonly #feed: LiveFeed;
  readonly #quietWork: QuietWork;
  readonly #listeners = new Set<() => void>();
  readonly #stopAll: readonly (() => void)[];
  #wantsPush = true;
  #wantsPull = true;
  #trouble: Trouble | undefined;
  #failures = 0;
  #quarantined = 0;
  #leading = false;
  #stopped = false;
  #tellStopped: () => void = () => undefined;
  readonly #hasStopped = new Promise<void>((resolve) => (this.#tellStopped = resolve));
  #running: Promise<void> | undefined;
  #lastPushMs = Number.NEGATIVE_INFINITY;
  #retryTimer: Cancel;
  #gatherTimer: Cancel;
  #pollTimer: Cancel;

  constructor(deps: SyncDeps) {
    const { store, environment } = deps;
    const sealing = deps.sealing ?? aesFieldSealing;
    const warn = deps.warn ?? (() => undefined);
    const open = createFieldOpener(deps.keyring, sealing);
    this.#deps = deps;
    // Whoever stops sync must not wait for the session: it may be the session that stops it.
    const refreshKeys = (): Promise<void> => Promise.race([deps.refreshKeys?.(), this.#hasStopped]);
    const headStart: HeadStart = new HeadStart({ ...deps, warn, take: (space, records) => this.#exchange.takeAhead(space, records) });
    this.#exchange = new Exchange({ ...deps, warn, refreshKeys, sealing, open, isStructural: store.isStructural });
    this.#download = new Download({
      ...deps,
      exchange: this.#exchange,
      headStart,
      isStopped: () => this.#stopped || !this.#leading,
      between: () => this.#pushWished(),
      onChange: () => this.#announce(),
    });
    this.#quietWork = new QuietWork({
      ...deps,
      warn,
      spaces: () => spacesOf(deps),
      isQuiet: () => this.#leading && !this.#stopped && !this.#running && !this.#trouble,
      onChange: () => this.#announce(),
    });
    this.#feed = new LiveFeed({
      ...deps,
      exchange: this.#exchange,
      spaces: () => spacesOf(deps),
      wantPull: () => this.#pullSoon(),
      onSession: () => void refreshKeys().then(() => this.#hurry()),
      isPushing: () => this.#running !== undefined,
      onChange: (live) => this.#onLive(live),
    });
    this.#stopAll = [
      environment.onWake(() => this.#onWake()),
      store.subscribe(() => this.#onEdit()),
      environment.lead((signal) => this.#lead(signal)),
    ];
  }

  status(): SyncStatus {
    const { store, environment } = this.#deps;
    const isOnline = environment.isOnline();
    const unsent = store.pendingCount();
    const offsetMs = store.deviceClock.offsetMs();
    return {
      state: isOnline ? (this.#trouble ?? (unsent > 0 ? 'sending' : 'synced')) : 'offline',
      unsent,
      quarantined: this.#quarantined,
      differs: this.#quietWork.differs(),
      clockOffMs: Math.abs(offsetMs) < CLOCK_TOLD_MS ? 0 : -Math.round(offsetMs),
      live: isOnline && (this.#feed.isLive() || !this.#leading),
      ...this.#download.status(),
      resealing: null,
      lastSyncedAt: store.place().lastSyncedAt,
    };
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async syncNow(): Promise<void> {
    if (!this.#leading) return;
    this.#hurry();
    await this.#running;
  }

  pauseDownload(isPaused: boolean): void {
    this.#download.pause(isPaused);
    if (!isPaused) this.#pullSoon();
    this.#announce();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#tellStopped();
    this.#download.close();
    for (const stop of this.#stopAll) stop();
    for (const cancel of [this.#retryTimer, this.#gatherTimer, this.#pollTimer]) cancel?.();
    this.#quietWork.close();
    this.#feed.close();
    await this.#running;
    this.#listeners.clear();
  }

  async #lead(signal: AbortSignal): Promise<void> {
    if (this.#stopped || signal.aborted) return;
    this.#leading = true;
    this.#quietWork.start();
    this.#hurry();
    await new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve());
    });
    this.#leading = false;
    this.#quietWork.close();
    this.#feed.close();
    await this.#running;
  }

  /** The network came or went, or the person came back: waiting has no reason any more. */
  #onWake(): void {
    if (!this.#deps.environment.isOnline()) {
      this.#trouble = 'offline';
      return this.#announce();
    }
    if (this.#trouble === 'offline') this.#trouble = undefined;
    this.#failures = 0;
    this.#hurry();
    if (this.#leading) this.#feed.hurry();
  }

  #hurry(): void {
    this.#wantsPush = true;
    this.#wantsPull = true;
    this.#retryTimer?.();
    this.#retryTimer = undefined;
    this.#wake();
  }

  #pullSoon(): void {
    this.#wantsPull = true;
    this.#wake();
  }

  /** The first edit leaves at once, further ones within `gatherMs` together. */
  #onEdit(): void {
    this.#announce();
    if (!this.#leading || this.#wantsPush || this.#deps.store.pendingCount() === 0) return;
    const waitMs = this.#lastPushMs + gatherMs - this.#deps.clock.monotonicMs();
    if (waitMs <= 0 && !this.#running) return this.#pushNow();
    this.#gatherTimer ??= this.#deps.environment.after(Math.max(0, waitMs), () => {
      this.#gatherTimer = undefined;
      this.#pushNow();
    });
  }

  #pushNow(): void {
    this.#wantsPush = true;
    this.#wake();
  }

  #onLive(live: boolean): void {
    this.#pollTimer?.();
    this.#pollTimer = live || this.#stopped ? undefined : this.#deps.environment.after(pollMs, () => this.#poll());
    this.#announce();
  }

  #poll(): void {
    if (this.#stopped) return;
    this.#pollTimer = this.#deps.environment.after(pollMs, () => this.#poll());
    if (this.#deps.environment.isOnline()) this.#pullSoon();
  }

  #wake(): void {
    if (this.#stopped || !this.#leading || this.#running || this.#retryTimer) return;
    if (!this.#wantsPush && !this.#wantsPull) return;
    this.#running = this.#work().finally(() => {
      this.#running = undefined;
      // A wish that came at the very end.
      if (!this.#trouble) this.#wake();
    });
    this.#announce();
  }

  async #work(): Promise<void> {
    while (!this.#stopped && this.#leading && (this.#wantsPush || this.#wantsPull)) {
      const done = this.#deps.environment.isOnline() ? await this.#step() : err({ code: 'OFFLINE' } as const);
      if (!done.ok) {
        this.#onFailure(done.error);
        break;
      }
      this.#failures = 0;
      this.#trouble = undefined;
      this.#feed.connect();
    }
    this.#quarantined = (await this.#deps.store.quarantined()).length;
    this.#announce();
  }

  /** One wish after the other, edits first: the person's words leave before others' are fetched. */
  async #step(): Outcome {
    if (this.#wantsPush) return this.#pushWished();
    this.#wantsPull = false;
    if (this.#download.isPaused()) return ok(undefined);
    const pulled = await this.#pullAll();
    if (!pulled.ok) this.#wantsPull = true;
    return pulled;
  }

  async #pushWished(): Outcome {
    if (!this.#wantsPush) return ok(undefined);
    this.#wantsPush = false;
    const pushed = await this.#pushAll();
    if (!pushed.ok) this.#wantsPush = true;
    return pushed;
  }

  async #pushAll(): Outcome {
    for (let more = this.#deps.store.pendingCount() > 0; more && !this.#stopped;) {
      this.#lastPushMs = this.#deps.clock.monotonicMs();
      const pushed = await this.#exchange.push();
      if (!pushed.ok) return pushed;
      more = pushed.value;
    }
    await this.#feed.closeGaps();
    return ok(undefined);
  }

  async #pullAll(): Outcome {
    for (const space of spacesOf(this.#deps)) {
      const pulled = await this.#download.run(space);
      // A space that was left is no reason to wait with the others; the session hears of it by itself.
      const isGone = !pulled.ok && pulled.error.code === 'FORBIDDEN' && space !== this.#deps.store.homeSpace;
      if (!pulled.ok && !isGone) return pulled;
    }
    return ok(undefined);
  }

  #onFailure(failure: ExchangeFailure): void {
    this.#failures += 1;
    const decision = decideRetry(asTransportFailure(failure), this.#failures, chanceOf(this.#deps.random));
    this.#trouble = decision.kind === 'sign-in' ? 'signed-out' : decision.state;
    if (decision.kind !== 'wait') return;
    this.#retryTimer = this.#deps.environment.after(decision.delayMs, () => {
      this.#retryTimer = undefined;
      this.#wake();
    });
  }

  #announce(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
