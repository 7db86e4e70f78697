/** A chunk is split above twice as many items: moving so many costs less than finding the place. */
const CHUNK_ITEMS = 512;

/** Items that can be read in an order, by place. */
export interface Rows<T> {
  readonly length: number;
  at(index: number): T | undefined;
  slice(from: number, to: number): T[];
}

/**
 * Items kept in an order. `compare` must tell any two different items apart, and an item must not change while it is in.
 * Invariant 1: reading gives the items in the order of `compare`. Invariant 2: an item is in once, however often it is added.
 * Invariant 3: adding and removing cost one search and the move of one chunk, never a pass over all items.
 */
export class SortedList<T> implements Rows<T>, Iterable<T> {
  readonly #compare: (a: T, b: T) => number;
  #chunks: T[][] = [];
  #length = 0;

  constructor(compare: (a: T, b: T) => number) {
    this.#compare = compare;
  }

  get length(): number {
    return this.#length;
  }

  /** Puts an item in at its place; one that compares equal gives way to it. */
  add(item: T): void {
    const chunkIndex = Math.min(this.#chunkOf(item), this.#chunks.length - 1);
    const chunk = this.#chunks[chunkIndex];
    if (!chunk) {
      this.#chunks = [[item]];
      this.#length = 1;
      return;
    }
    const place = this.#placeIn(chunk, item);
    const there = chunk[place];
    if (there !== undefined && this.#compare(there, item) === 0) {
      chunk[place] = item;
      return;
    }
    if (place === chunk.length) chunk.push(item);
    else chunk.splice(place, 0, item);
    this.#length += 1;
    if (chunk.length > 2 * CHUNK_ITEMS) this.#chunks.splice(chunkIndex + 1, 0, chunk.splice(CHUNK_ITEMS));
  }

  /** Takes an item out; false when none compares equal. */
  remove(item: T): boolean {
    const chunkIndex = this.#chunkOf(item);
    const chunk = this.#chunks[chunkIndex];
    if (!chunk) return false;
    const place = this.#placeIn(chunk, item);
    const there = chunk[place];
    if (there === undefined || this.#compare(there, item) !== 0) return false;
    chunk.splice(place, 1);
    this.#length -= 1;
    const next = this.#chunks[chunkIndex + 1];
    if (chunk.length === 0) this.#chunks.splice(chunkIndex, 1);
    else if (next && chunk.length + next.length <= CHUNK_ITEMS) this.#chunks.splice(chunkIndex, 2, [...chunk, ...next]);
    return true;
  }

  at(index: number): T | undefined {
    return this.slice(index, index + 1)[0];
  }

  slice(from: number, to: number): T[] {
    const found: T[] = [];
    let start = 0;
    for (const chunk of this.#chunks) {
      if (start >= to) break;
      if (start + chunk.length > from) found.push(...chunk.slice(Math.max(0, from - start), to - start));
      start += chunk.length;
    }
    return found;
  }

  /** Place of an item; -1 when none compares equal. */
  indexOf(item: T): number {
    const chunkIndex = this.#chunkOf(item);
    const chunk = this.#chunks[chunkIndex];
    if (!chunk) return -1;
    const place = this.#placeIn(chunk, item);
    const there = chunk[place];
    if (there === undefined || this.#compare(there, item) !== 0) return -1;
    return this.#chunks.slice(0, chunkIndex).reduce((sum, { length }) => sum + length, place);
  }

  clear(): void {
    this.#chunks = [];
    this.#length = 0;
  }

  *[Symbol.iterator](): IterableIterator<T> {
    for (const chunk of this.#chunks) yield* chunk;
  }

  /** The first chunk whose last item is not before this one; the number of chunks when all are before. */
  #chunkOf(item: T): number {
    return lowerBound(this.#chunks.length, (index) => {
      const last = this.#chunks[index]?.at(-1);
      return last !== undefined && this.#compare(last, item) < 0;
    });
  }

  #placeIn(chunk: readonly T[], item: T): number {
    // Most items come in order: newest first, or as they were sorted before.
    const last = chunk.at(-1);
    if (last !== undefined && this.#compare(last, item) < 0) return chunk.length;
    return lowerBound(chunk.length, (index) => {
      const there = chunk[index];
      return there !== undefined && this.#compare(there, item) < 0;
    });
  }
}

/** The first index of `length` for which `isBefore` is false. */
function lowerBound(length: number, isBefore: (index: number) => boolean): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
