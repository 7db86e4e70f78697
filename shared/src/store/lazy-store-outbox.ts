import type { Random } from '#base/random.ts';
import type { StoreCore } from './store-core.ts';
import type { StoreOutbox } from './store-outbox.ts';

/** The sync side of a store, fetched by its first call: a screen shows what is stored without it, and a guest never needs it. */
export function createLazyStoreOutbox(core: StoreCore, random: Random): StoreOutbox {
  let loading: Promise<StoreOutbox> | undefined;
  async function fetchIt(): Promise<StoreOutbox> {
    try {
      const { createStoreOutbox } = await import('./store-outbox.ts');
      return createStoreOutbox(core, random);
    } catch (error) {
      loading = undefined; // the next call tries again
      throw error;
    }
  }
  const load = (): Promise<StoreOutbox> => (loading ??= fetchIt());
  return {
    deviceClock: core.deviceClock,
    place: core.records.place,
    takePlace: core.records.takePlace,
    openTables: core.openTables,
    isStructural: core.isStructural,
    movePlace: async (change) => (await load()).movePlace(change),
    waiting: async (limit) => (await load()).waiting(limit),
    markSent: async (entries) => (await load()).markSent(entries),
    settle: async (push) => (await load()).settle(push),
    applyRemote: async (arrival) => (await load()).applyRemote(arrival),
    restampWaiting: async () => (await load()).restampWaiting(),
    becomeNewDevice: async () => (await load()).becomeNewDevice(),
    digestSpace: async (space, exceptTable) => (await load()).digestSpace(space, exceptTable),
    rereadUnread: async () => (await load()).rereadUnread(),
    resealSlice: async (slice) => (await load()).resealSlice(slice),
    emptyBin: async (space) => (await load()).emptyBin(space),
    startOver: async (generation, shared) => (await load()).startOver(generation, shared),
  };
}
