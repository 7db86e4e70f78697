import type { Random } from '#base/random.ts';
import type { OutboxStore } from '#store/outbox-store.ts';
import type { LiveMessage } from '#wire/sync.ts';
import { moveCursor, type Exchange } from './exchange.ts';
import { chanceOf, decideRetry } from './retry-policy.ts';
import type { SyncEnvironment } from './sync-environment.ts';
import type { Transport } from './transport.ts';

/** Parts of the live feed. */
export interface LiveFeedDeps {
  readonly transport: Transport;
  readonly store: OutboxStore;
  readonly environment: SyncEnvironment;
  readonly random: Random;
  readonly exchange: Exchange;
  /** Spaces that are followed. */
  readonly spaces: () => readonly string[];
  /** Something is missing, or the server lives another life: read from the cursor. */
  readonly wantPull: () => void;
  /** The account's spaces or keys changed. */
  readonly onSession: () => void;
  /** Whether the answer of a push may still close a gap. */
  readonly isPushing: () => boolean;
  /** Called when the connection came or went. */
  readonly onChange: (live: boolean) => void;
}

/** A change that was applied before everything below it was known. */
interface Gap {
  readonly space: string;
  readonly before: number;
  readonly seq: number;
}

/** The live connection: applies what arrives, in order, and asks for what is missing. */
export class LiveFeed {
  readonly #deps: LiveFeedDeps;
  #disconnect: (() => void) | undefined;
  #cancelRetry: (() => void) | undefined;
  #live = false;
  #closed = false;
  #attempts = 0;
  /** Of the server behind this connection: its numbers mean nothing in another one. */
  #generation: number | undefined;
  #chain: Promise<void> = Promise.resolve();
  #gaps: Gap[] = [];

  constructor(deps: LiveFeedDeps) {
    this.#deps = deps;
  }

  isLive(): boolean {
    return this.#live;
  }

  /** Connects unless it is connected or trying. */
  connect(): void {
    const { environment, store, transport } = this.#deps;
    if (this.#closed || this.#disconnect || this.#cancelRetry || !environment.isOnline()) return;
    this.#deps.onChange(false);
    let over = false;
    this.#generation = undefined;
    this.#disconnect = transport.listen(store.place().device, {
      onMessage: (message) => (over ? undefined : this.#onMessage(message)),
      onClose: () => {
        if (over) return;
        over = true;
        this.#onClose();
      },
    });
  }

  /** The network came back: waiting has no reason any more. */
  hurry(): void {
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    this.#attempts = 0;
    this.connect();
  }

  /** An own push was answered: what seemed missing may have been the own edit. */
  async closeGaps(): Promise<void> {
    const { store, wantPull } = this.#deps;
    const waiting = this.#gaps.toSorted((a, b) => a.before - b.before);
    this.#gaps = [];
    for (const gap of waiting) {
      const at = store.place().cursors[gap.space] ?? 0;
      if (at >= gap.seq) continue;
      if (at < gap.before) return wantPull();
      await store.movePlace((place) => moveCursor(place, gap.space, gap));
    }
  }

  close(): void {
    this.#closed = true;
    this.#live = false;
    this.#cancelRetry?.();
    this.#disconnect?.();
    this.#disconnect = undefined;
  }

  #onMessage(message: LiveMessage): void {
    switch (message.type) {
      case 'ready':
        return this.#takeReady(message);
      case 'change':
        this.#chain = this.#chain.then(() => (this.#closed ? undefined : this.#takeChange(message)));
        return;
      case 'nudge':
        return this.#deps.wantPull();
      case 'session':
        return this.#deps.onSession();
      case 'bye':
        return this.#disconnect?.();
    }
  }

  #takeReady({ generation, spaces }: Extract<LiveMessage, { type: 'ready' }>): void {
    const { store, wantPull } = this.#deps;
    this.#attempts = 0;
    this.#generation = generation;
    this.#setLive(true);
    const place = store.place();
    const isElsewhere = this.#deps.spaces().some((space) => (spaces[space] ?? 0) !== (place.cursors[space] ?? 0));
    if (generation !== place.generation || isElsewhere) wantPull();
  }

  async #takeChange(change: Extract<LiveMessage, { type: 'change' }>): Promise<void> {
    const { store, exchange, wantPull, isPushing } = this.#deps;
    if (!this.#deps.spaces().includes(change.space)) return;
    if (this.#generation !== store.place().generation) return wantPull();
    const taken = await exchange.take(change);
    if (!taken.ok) return wantPull();
    if (!taken.value) return;
    this.#gaps.push({ space: change.space, before: change.before, seq: change.seq });
    if (!isPushing()) await this.closeGaps();
  }

  #onClose(): void {
    this.#disconnect = undefined;
    if (this.#closed) return;
    if (this.#live) this.#setLive(false);
    this.#attempts += 1;
    const decision = decideRetry({ code: 'OFFLINE' }, this.#attempts, chanceOf(this.#deps.random));
    if (decision.kind !== 'wait') return;
    this.#cancelRetry = this.#deps.environment.after(decision.delayMs, () => {
      this.#cancelRetry = undefined;
      this.connect();
    });
  }

  #setLive(live: boolean): void {
    this.#live = live;
    this.#deps.onChange(live);
  }
}
