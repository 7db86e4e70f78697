import { derivedId } from '#base/derived-id.ts';
import { seenStates } from '#modules/completeness/completeness.ts';
import type { OutboxStore } from '#store/outbox-store.ts';

/** How often a device looks at all that it has seen, in milliseconds: it opens every record, so seldom, and never right after a start. */
export const SEEN_EVERY_MS = 600_000;

/** What the comparing is made of. */
export interface CompletenessDeps {
  readonly store: OutboxStore;
  readonly warn: (code: string) => void;
  /** Spaces that are followed. */
  readonly spaces: () => readonly string[];
  /** Whether this person may write in a space; by default everywhere. */
  readonly mayWrite?: ((space: string) => boolean) | undefined;
}

/** Compares what this device has seen with what others say that they have, and says its own. */
export class Completeness {
  readonly #deps: CompletenessDeps;
  readonly #differing = new Set<string>();

  constructor(deps: CompletenessDeps) {
    this.#deps = deps;
  }

  /** Whether another device, of this person or of a member, was shown something else at the same sequence number of some space. */
  differs(): boolean {
    return this.#differing.size > 0;
  }

  /** Looks at one space after the other: each is opened whole. */
  async check(): Promise<void> {
    const spaces = this.#deps.spaces();
    for (const space of this.#differing) if (!spaces.includes(space)) this.#differing.delete(space);
    for (const space of spaces) await this.#checkSpace(space);
  }

  async #checkSpace(space: string): Promise<void> {
    const { store, warn, mayWrite = () => true } = this.#deps;
    if (store.pendingCount() > 0) return;
    const own = await store.digestSpace(space, seenStates.name);
    if (!own || own.seq === 0) return;
    const view = store.table(seenStates, space);
    await store.whenComplete(seenStates, space);
    const id = derivedId('seen', space, store.place().device);
    const others = view
      .all()
      .filter(({ id: other, values }) => other !== id && values.generation === own.generation && values.seq === own.seq);
    if (others.some(({ values }) => values.digest !== own.digest)) this.#differing.add(space);
    else if (others.length > 0) this.#differing.delete(space);
    if (this.#differing.has(space)) warn('SPACE_DIFFERS');
    // Who may only read says nothing of what they have seen, and still hears of what others have.
    if (mayWrite(space)) await store.write([{ kind: 'put', table: seenStates.name, id, values: { ...own } }], { origin: 'system', space });
  }
}
