import type { Random } from '#base/random.ts';
import type { OutboxStore } from '#store/outbox-store.ts';
import type { LiveMessage } from '#wire/sync.ts';
import type { Exchange } from './exchange.ts';
import { decideRetry } from './retry-policy.ts';
import type { SyncEnvironment } from './sync-environment.ts';
import type { Transport } from './transport.ts';

/** Parts of the live feed. */
export interface LiveFeedDeps {
  readonly transport: Transport;
  readonly store: OutboxStore;
  readonly environment: SyncEnvironment;
  readonly random: Random;
  readonly take: Exchange['take'];
  /** Something is missing, or the server lives another life: read from the cursor. */
  readonly wantPull: () => void;
  /** Whether the answer of a push may still close a gap. */
  readonly isPushing: () => boolean;
  /** Called when the connection came or went. */
  readonly onChange: (live: boolean) => void;
}

/** The live connection: applies what arrives, in order, and asks for what is missing. */
export interface LiveFeed {
  /** Connects unless it is connected or trying. */
  connect(): void;
  isLive(): boolean;
  /** An own push was answered: what seemed missing may have been the own edit. */
  closeGaps(): Promise<void>;
  close(): void;
}

interface Gap {
  readonly before: number;
  readonly seq: number;
}

/** Connects to live changes while it is open. */
export function createLiveFeed(deps: LiveFeedDeps): LiveFeed {
  const { store, environment } = deps;
  let disconnect: (() => void) | undefined;
  let cancelRetry: (() => void) | undefined;
  let live = false;
  let closed = false;
  let attempts = 0;
  let chain: Promise<void> = Promise.resolve();
  let gaps: Gap[] = [];

  const setLive = (next: boolean): void => {
    live = next;
    deps.onChange(next);
  };

  /** Moves the cursor over changes that were applied before what lies below them was known. */
  const closeGaps: LiveFeed['closeGaps'] = async () => {
    const waiting = gaps.toSorted((a, b) => a.before - b.before);
    gaps = [];
    for (const { before, seq } of waiting) {
      const at = store.place().cursors[store.homeSpace] ?? 0;
      if (at >= seq) continue;
      if (at < before) return deps.wantPull();
      await store.movePlace((place) => {
        const now = place.cursors[store.homeSpace] ?? 0;
        return now >= before && now < seq ? { ...place, cursors: { ...place.cursors, [store.homeSpace]: seq } } : place;
      });
    }
  };

  const takeChange = async (change: Extract<LiveMessage, { type: 'change' }>): Promise<void> => {
    if (change.space !== store.homeSpace) return;
    const taken = await deps.take(change);
    if (!taken.ok) return deps.wantPull();
    if (!taken.value) return;
    gaps.push({ before: change.before, seq: change.seq });
    if (!deps.isPushing()) await closeGaps();
  };

  const takeReady = (message: Extract<LiveMessage, { type: 'ready' }>): void => {
    attempts = 0;
    setLive(true);
    const { generation, cursors } = store.place();
    const behind = (message.spaces[store.homeSpace] ?? 0) > (cursors[store.homeSpace] ?? 0);
    if (message.generation !== generation || behind) deps.wantPull();
  };

  const onMessage = (message: LiveMessage): void => {
    switch (message.type) {
      case 'ready':
        return takeReady(message);
      case 'change':
        chain = chain.then(() => (closed ? undefined : takeChange(message)));
        return;
      case 'nudge':
      case 'session':
        return deps.wantPull();
      case 'bye':
        return disconnect?.();
    }
  };

  const onClose = (): void => {
    disconnect = undefined;
    if (closed) return;
    if (live) setLive(false);
    attempts += 1;
    const decision = decideRetry({ code: 'OFFLINE' }, attempts, (deps.random.bytes(1)[0] ?? 0) / 256);
    if (decision.kind === 'wait') cancelRetry = environment.after(decision.delayMs, () => reconnect());
  };

  const reconnect = (): void => {
    cancelRetry = undefined;
    connect();
  };

  const connect = (): void => {
    if (closed || disconnect || cancelRetry || !environment.isOnline()) return;
    deps.onChange(false);
    let over = false;
    const stop = deps.transport.listen(store.place().device, {
      onMessage: (message) => (over ? undefined : onMessage(message)),
      onClose() {
        if (over) return;
        over = true;
        onClose();
      },
    });
    disconnect = stop;
  };

  return {
    connect,
    isLive: () => live,
    closeGaps,
    close() {
      closed = true;
      live = false;
      cancelRetry?.();
      disconnect?.();
      disconnect = undefined;
    },
  };
}
