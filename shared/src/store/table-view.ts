import type { Table } from '#modules/define-module.ts';
import { openRecord } from './open-record.ts';
import type { Records } from './records.ts';
import type { StoredRecord } from './stored-record.ts';
import { scopeOf } from './record-state.ts';
import { startSlices, type SliceDeps } from './slices.ts';
import type { RecordRow, Storage } from './storage.ts';
import type { OpenRecord, TableView, ViewFeed, ViewFollower } from './store.ts';
import { ViewFeeds } from './view-feed.ts';

/** Rows of the first slice: a screenful, to show something at once. */
const firstSliceRows = 60;
/** Rows of each further slice: opened in parallel, built within a slice of time. */
const sliceRows = 500;

/** A table's records held in memory, with the way to feed it. */
export interface FilledView extends TableView<never> {
  /** Shows what was written. A few records are there when the call returns, many come in slices; all are told together. */
  apply(records: readonly StoredRecord[]): Promise<void>;
  /** The record as a person may have it before their eyes, in the table or in its bin. */
  seen(id: string): OpenRecord | undefined;
  /** Resolves when every stored record has been opened. */
  readonly whenComplete: Promise<void>;
  close(): void;
}

/** Parts of a table view. */
export interface TableViewDeps extends SliceDeps {
  readonly storage: Storage;
  readonly records: Records;
}

/** Opens a table of a space, newest records first; changes are taken in while it fills. */
export const createTableView = (deps: TableViewDeps, table: Table, space: string): FilledView => new MemoryView(deps, table, space);

class MemoryView implements FilledView {
  readonly #deps: TableViewDeps;
  readonly #table: Table;
  readonly #space: string;
  /** Number of the row that each record was built from: an older one never replaces a newer. */
  readonly #revs = new Map<string, number>();
  readonly #live = new Map<string, OpenRecord>();
  readonly #binned = new Map<string, OpenRecord>();
  readonly #listeners = new Set<() => void>();
  readonly #feeds: ViewFeeds;
  readonly whenComplete: Promise<void>;
  #liveList: readonly OpenRecord[] | undefined;
  #binList: readonly OpenRecord[] | undefined;
  #complete = false;
  #closed = false;
  #announced = false;
  #seeds = 0;

  constructor(deps: TableViewDeps, table: Table, space: string) {
    this.#deps = deps;
    this.#table = table;
    this.#space = space;
    this.#feeds = new ViewFeeds({ ...deps, announce: () => this.#announce() }, this.#live);
    this.whenComplete = this.#fill();
  }

  get complete(): boolean {
    return this.#complete;
  }

  all(): readonly OpenRecord<never>[] {
    return (this.#liveList ??= [...this.#live.values()]) as readonly OpenRecord<never>[];
  }

  bin(): readonly OpenRecord<never>[] {
    return (this.#binList ??= [...this.#binned.values()]) as readonly OpenRecord<never>[];
  }

  get(id: string): OpenRecord<never> | undefined {
    return this.#live.get(id) as OpenRecord<never> | undefined;
  }

  seen(id: string): OpenRecord | undefined {
    return this.#live.get(id) ?? this.#binned.get(id);
  }

  seedCount(): number {
    return this.#seeds;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  follow(follower: ViewFollower<never>): ViewFeed {
    return this.#feeds.follow(follower as ViewFollower<OpenRecord['values']>);
  }

  async apply(records: readonly StoredRecord[]): Promise<void> {
    const mine = records.filter(({ state }) => state.table === this.#table.name && state.space === this.#space);
    if (mine.length > 0) await this.#placeInSlices(mine);
  }

  close(): void {
    this.#closed = true;
    this.#feeds.clear();
    this.#seeds = 0;
    this.#live.clear();
    this.#binned.clear();
    this.#revs.clear();
    this.#liveList = [];
    this.#binList = [];
    this.#announce();
  }

  #place(record: StoredRecord): void {
    const { id } = record.state;
    if ((this.#revs.get(id) ?? -1) >= record.rev) return;
    this.#revs.set(id, record.rev);
    const opened = openRecord(this.#table, record);
    const isBinned = opened !== undefined && opened.deletedAt !== null;
    if (this.#binned.delete(id) || isBinned) this.#binList = undefined;
    if (isBinned) this.#binned.set(id, opened);
    this.#setLive(id, isBinned ? undefined : opened);
  }

  #setLive(id: string, record: OpenRecord | undefined): void {
    this.#seeds += Number(record?.seed ?? false) - Number(this.#live.get(id)?.seed ?? false);
    this.#liveList = undefined;
    if (record) {
      this.#live.set(id, record);
      this.#feeds.put(record);
    } else if (this.#live.delete(id)) this.#feeds.drop(id);
  }

  async #fill(): Promise<void> {
    const scope = scopeOf(this.#space, this.#table.name);
    let after: RecordRow | undefined;
    for (let limit = firstSliceRows; !this.#closed; limit = sliceRows) {
      const page = { scope, after, limit };
      const read = await this.#deps.storage.transaction('read', ['records'], (tx) => tx.newest(page));
      if (!read.ok) return;
      await this.#placeInSlices(await this.#deps.records.openRows(read.value));
      after = read.value.at(-1);
      if (read.value.length < limit) break;
      await this.#deps.pause();
    }
    this.#complete = !this.#closed;
    this.#announce();
  }

  async #placeInSlices(records: readonly StoredRecord[]): Promise<void> {
    const breathe = startSlices(this.#deps);
    for (const record of records) {
      if (this.#closed) return;
      this.#place(record);
      const pause = breathe();
      if (pause) await pause;
    }
    this.#announce();
  }

  #announce(): void {
    if (this.#announced) return;
    this.#announced = true;
    queueMicrotask(() => {
      this.#announced = false;
      for (const listener of [...this.#listeners]) listener();
    });
  }
}
