import type { Clock } from '#base/clock.ts';
import type { Random } from '#base/random.ts';
import type { Keyring } from '#crypto/keyring.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { OutboxStore } from '#store/outbox-store.ts';
import { createExchange, type ExchangeFailure } from './exchange.ts';
import { createLiveFeed } from './live-feed.ts';
import { decideRetry, type RetryDecision } from './retry-policy.ts';
import { aesFieldSealing, createFieldOpener, type FieldSealing } from './seal-ops.ts';
import type { Sync, SyncStatus } from './status.ts';
import type { SyncEnvironment } from './sync-environment.ts';
import type { Transport } from './transport.ts';

/** Further edits wait this long for company, in milliseconds; the first one leaves at once. */
const gatherMs = 100;
/** How often to ask while live updates are down, in milliseconds. */
const pollMs = 60_000;
/** A clock that is off by less is nobody's concern, in milliseconds. */
const tellOffsetMs = 60_000;

/** What sync is made of. */
export interface SyncDeps {
  readonly store: OutboxStore;
  readonly keyring: Keyring;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
  readonly environment: SyncEnvironment;
  readonly warn?: ((code: string) => void) | undefined;
  /** By default AES-GCM. */
  readonly sealing?: FieldSealing | undefined;
}

/** What the loop still has to do. */
interface Wishes {
  push: boolean;
  pull: boolean;
}

/** Moves edits to the server and others' edits here, in at most one tab. */
export function createSync(deps: SyncDeps): Sync {
  const { store, environment, transport } = deps;
  const warn = deps.warn ?? (() => undefined);
  const sealing = deps.sealing ?? aesFieldSealing;
  const exchange = createExchange({
    ...deps,
    warn,
    sealing,
    open: createFieldOpener(deps.keyring, sealing),
    isStructural: store.isStructural,
  });
  const listeners = new Set<() => void>();
  const wishes: Wishes = { push: true, pull: true };
  let trouble: 'offline' | 'failing' | 'outdated' | 'signed-out' | undefined;
  let failures = 0;
  let downloadLeft = 0;
  let quarantined = 0;
  let leading = false;
  let stopped = false;
  let running: Promise<void> | undefined;
  let lastPushMs = Number.NEGATIVE_INFINITY;
  let cancelRetry: (() => void) | undefined;
  let cancelGather: (() => void) | undefined;
  let cancelPoll: (() => void) | undefined;
  let finish: () => void = () => undefined;

  const announce = (): void => {
    for (const listener of [...listeners]) listener();
  };

  const countQuarantined = async (): Promise<void> => {
    quarantined = (await store.quarantined()).length;
    announce();
  };

  const failed = (failure: ExchangeFailure): void => {
    failures += 1;
    const decision = decideFor(failure, failures, chance(deps.random));
    trouble = decision.kind === 'sign-in' ? 'signed-out' : decision.state;
    if (decision.kind === 'wait') cancelRetry = environment.after(decision.delayMs, () => retry());
  };

  const retry = (): void => {
    cancelRetry?.();
    cancelRetry = undefined;
    wake();
  };

  const pullAll = async (): Promise<Result<void, ExchangeFailure>> => {
    for (let left = 1; left > 0 && !stopped;) {
      const pulled = await exchange.pull(store.homeSpace);
      if (!pulled.ok) return pulled;
      left = pulled.value;
      downloadLeft = left;
      if (left > 0) announce();
    }
    return ok(undefined);
  };

  const pushAll = async (): Promise<Result<void, ExchangeFailure>> => {
    for (let more = true; more && !stopped;) {
      lastPushMs = deps.clock.monotonicMs();
      const pushed = await exchange.push();
      if (!pushed.ok) return pushed;
      more = pushed.value;
    }
    return ok(undefined);
  };

  /** One wish after the other, edits first: the person's words leave before others' are fetched. */
  const step = async (): Promise<Result<void, ExchangeFailure>> => {
    if (wishes.push) {
      wishes.push = false;
      if (store.pendingCount() === 0) return ok(undefined);
      const pushed = await pushAll();
      if (!pushed.ok) wishes.push = true;
      else await feed.closeGaps();
      return pushed;
    }
    wishes.pull = false;
    const pulled = await pullAll();
    if (!pulled.ok) wishes.pull = true;
    return pulled;
  };

  const work = async (): Promise<void> => {
    while (!stopped && leading && (wishes.push || wishes.pull)) {
      const done = environment.isOnline() ? await step() : err({ code: 'OFFLINE' } as const);
      if (!done.ok) {
        failed(done.error);
        break;
      }
      failures = 0;
      trouble = undefined;
      feed.connect();
    }
    downloadLeft = 0;
    await countQuarantined();
  };

  const wake = (): void => {
    if (stopped || !leading || running || cancelRetry) return;
    if (!wishes.push && !wishes.pull) return;
    running = work().finally(() => {
      running = undefined;
      // A wish that came at the very end.
      if (!trouble && (wishes.push || wishes.pull)) wake();
    });
    announce();
  };

  /** The first edit leaves at once, further ones within `gatherMs` together. */
  const edited = (): void => {
    announce();
    if (!leading || store.pendingCount() === 0 || wishes.push) return;
    const waitMs = lastPushMs + gatherMs - deps.clock.monotonicMs();
    if (waitMs <= 0 && !running) {
      wishes.push = true;
      wake();
    } else {
      cancelGather ??= environment.after(Math.max(0, waitMs), () => {
        cancelGather = undefined;
        wishes.push = store.pendingCount() > 0;
        wake();
      });
    }
  };

  const wantPull = (): void => {
    wishes.pull = true;
    wake();
  };

  const feed = createLiveFeed({
    transport,
    store,
    environment,
    random: deps.random,
    take: exchange.take,
    wantPull,
    isPushing: () => running !== undefined,
    onChange(live) {
      cancelPoll?.();
      cancelPoll = live || stopped ? undefined : environment.after(pollMs, poll);
      announce();
    },
  });

  const poll = (): void => {
    if (stopped) return;
    cancelPoll = environment.after(pollMs, poll);
    if (environment.isOnline()) wantPull();
  };

  /** The network came or went, or the person came back: waiting has no reason any more. */
  const awake = (): void => {
    if (!environment.isOnline()) {
      trouble = 'offline';
      announce();
      return;
    }
    if (trouble === 'offline') trouble = undefined;
    wishes.push = true;
    wishes.pull = true;
    failures = 0;
    retry();
  };

  const stopWaking = environment.onWake(awake);
  const stopHearing = store.subscribe(edited);
  const stopLeading = environment.lead(async (signal) => {
    if (stopped) return;
    leading = true;
    const released = new Promise<void>((resolve) => {
      finish = resolve;
      signal.addEventListener('abort', () => resolve());
    });
    wishes.push = true;
    wishes.pull = true;
    wake();
    await released;
    leading = false;
    feed.close();
    await running;
  });

  return {
    status: () =>
      statusOf({
        store,
        trouble,
        live: leading ? feed.isLive() : environment.isOnline(),
        downloadLeft,
        quarantined,
        isOnline: environment.isOnline(),
      }),
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async syncNow() {
      if (!leading) return;
      wishes.push = true;
      wishes.pull = true;
      retry();
      await running;
    },
    async stop() {
      stopped = true;
      stopWaking();
      stopHearing();
      cancelRetry?.();
      cancelGather?.();
      cancelPoll?.();
      feed.close();
      finish();
      stopLeading();
      await running;
      listeners.clear();
    },
  };
}

const chance = (random: Random): number => (random.bytes(1)[0] ?? 0) / 256;

/** A storage that refuses is tried again like a server that does. */
function decideFor(failure: ExchangeFailure, attempt: number, chanceNow: number): RetryDecision {
  const { code } = failure;
  if (code === 'QUOTA_EXCEEDED' || code === 'DATABASE_CLOSED' || code === 'DATABASE_NEWER') {
    return decideRetry({ code: 'SERVICE_UNAVAILABLE' }, attempt, chanceNow);
  }
  return decideRetry({ ...failure, code }, attempt, chanceNow);
}

interface StatusParts {
  readonly store: OutboxStore;
  readonly trouble: 'offline' | 'failing' | 'outdated' | 'signed-out' | undefined;
  readonly live: boolean;
  readonly downloadLeft: number;
  readonly quarantined: number;
  readonly isOnline: boolean;
}

function statusOf({ store, trouble, live, downloadLeft, quarantined, isOnline }: StatusParts): SyncStatus {
  const unsent = store.pendingCount();
  const offsetMs = store.deviceClock.offsetMs();
  const state = isOnline ? (trouble ?? (unsent > 0 ? 'sending' : 'synced')) : 'offline';
  const clockOffMs = Math.abs(offsetMs) < tellOffsetMs ? 0 : -Math.round(offsetMs);
  return { state, unsent, quarantined, clockOffMs, live: live && isOnline, downloadLeft, lastSyncedAt: store.place().lastSyncedAt };
}
