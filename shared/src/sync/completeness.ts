import { derivedId } from '#base/derived-id.ts';
import { seenStates } from '#modules/completeness/completeness.ts';
import type { OutboxStore } from '#store/outbox-store.ts';

/** How often a device looks at all that it has seen, in milliseconds: it opens every record, so seldom, and never right after a start. */
export const SEEN_EVERY_MS = 600_000;

/** Compares what this device has seen with what others say that they have, and says its own. */
export class Completeness {
  readonly #store: OutboxStore;
  readonly #warn: (code: string) => void;
  #differs = false;

  constructor({ store, warn }: { readonly store: OutboxStore; readonly warn: (code: string) => void }) {
    this.#store = store;
    this.#warn = warn;
  }

  /** Whether another device was shown something else at the same sequence number. */
  differs(): boolean {
    return this.#differs;
  }

  async check(): Promise<void> {
    const store = this.#store;
    if (store.pendingCount() > 0) return;
    const own = await store.digestSpace(store.homeSpace, seenStates.name);
    if (!own || own.seq === 0) return;
    const view = store.table(seenStates);
    await store.whenComplete(seenStates);
    const id = derivedId('seen', store.homeSpace, store.place().device);
    const others = view
      .all()
      .filter(({ id: other, values }) => other !== id && values.generation === own.generation && values.seq === own.seq);
    if (others.length > 0) this.#differs = others.some(({ values }) => values.digest !== own.digest);
    if (this.#differs) this.#warn('SPACE_DIFFERS');
    await store.write([{ kind: 'put', table: seenStates.name, id, values: { ...own } }], { origin: 'system' });
  }
}
