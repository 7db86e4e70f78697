import { SortedList, type Rows } from '#base/sorted-list.ts';
import type { OpenRecord, ViewFollower } from './store.ts';

/** Live records of a view in one order, kept as they change: a change costs one search, whatever their number. */
export class RecordOrder<Values> implements ViewFollower<Values>, Rows<OpenRecord<Values>>, Iterable<OpenRecord<Values>> {
  readonly #byId = new Map<string, OpenRecord<Values>>();
  readonly #sorted: SortedList<OpenRecord<Values>>;

  /** `compare` must tell any two records apart. */
  constructor(compare: (a: OpenRecord<Values>, b: OpenRecord<Values>) => number) {
    this.#sorted = new SortedList(compare);
  }

  get length(): number {
    return this.#sorted.length;
  }

  at(index: number): OpenRecord<Values> | undefined {
    return this.#sorted.at(index);
  }

  slice(from: number, to: number): OpenRecord<Values>[] {
    return this.#sorted.slice(from, to);
  }

  [Symbol.iterator](): IterableIterator<OpenRecord<Values>> {
    return this.#sorted[Symbol.iterator]();
  }

  put(record: OpenRecord<Values>): void {
    const before = this.#byId.get(record.id);
    if (before === record) return;
    if (before) this.#sorted.remove(before);
    this.#byId.set(record.id, record);
    this.#sorted.add(record);
  }

  drop(id: string): void {
    const before = this.#byId.get(id);
    if (!before) return;
    this.#byId.delete(id);
    this.#sorted.remove(before);
  }

  clear(): void {
    this.#byId.clear();
    this.#sorted.clear();
  }
}
