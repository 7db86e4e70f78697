import type { Table } from '#modules/define-module.ts';
import { openRecord } from './open-record.ts';
import type { Records, StoredRecord } from './records.ts';
import { scopeOf } from './record-state.ts';
import { SLICE_MS, type Pause } from './slices.ts';
import type { RecordRow, Storage } from './storage.ts';
import type { OpenRecord, TableView } from './store.ts';

/** Rows of the first slice: a screenful, to show something at once. */
const firstSliceRows = 60;
/** Rows of each further slice: opened in parallel, built within a slice of time. */
const sliceRows = 500;

/** A table's records held in memory, with the way to feed it. */
export interface FilledView extends TableView<never> {
  apply(records: readonly StoredRecord[]): void;
  /** The record as a person may have it before their eyes, in the table or in its bin. */
  seen(id: string): OpenRecord | undefined;
  /** Resolves when every stored record has been opened. */
  readonly whenComplete: Promise<void>;
  close(): void;
}

/** Parts of a table view. */
export interface TableViewDeps {
  readonly storage: Storage;
  readonly records: Records;
  readonly monotonicMs: () => number;
  readonly pause: Pause;
  /** Whether it may be in the outbox: records without waiting edits need no outbox row. */
  readonly outboxOf: (rows: readonly RecordRow[]) => Promise<StoredRecord[]>;
}

/** Opens a table of a space, newest records first; changes are taken in while it fills. */
export function createTableView(deps: TableViewDeps, table: Table, space: string): FilledView {
  const scope = scopeOf(space, table.name);
  const revs = new Map<string, number>();
  const live = new Map<string, OpenRecord>();
  const binned = new Map<string, OpenRecord>();
  const listeners = new Set<() => void>();
  let liveList: readonly OpenRecord[] | undefined;
  let binList: readonly OpenRecord[] | undefined;
  let complete = false;
  let closed = false;
  let announced = false;

  const announce = (): void => {
    if (announced) return;
    announced = true;
    queueMicrotask(() => {
      announced = false;
      for (const listener of [...listeners]) listener();
    });
  };

  const place = (record: StoredRecord): void => {
    const { id } = record.state;
    if ((revs.get(id) ?? -1) >= record.rev) return;
    revs.set(id, record.rev);
    const opened = openRecord(table, record);
    const wasBinned = binned.delete(id);
    if (opened && opened.deletedAt === null) live.set(id, opened);
    else live.delete(id);
    if (opened && opened.deletedAt !== null) binned.set(id, opened);
    if (wasBinned || binned.has(id)) binList = undefined;
  };

  const apply = (records: readonly StoredRecord[]): void => {
    const mine = records.filter(({ state }) => state.table === table.name && state.space === space);
    if (mine.length === 0 || closed) return;
    mine.forEach(place);
    liveList = undefined;
    announce();
  };

  const applyInSlices = async (records: readonly StoredRecord[]): Promise<void> => {
    let sliceStart = deps.monotonicMs();
    for (const record of records) {
      place(record);
      if (deps.monotonicMs() - sliceStart < SLICE_MS) continue;
      await deps.pause();
      sliceStart = deps.monotonicMs();
    }
    liveList = undefined;
    announce();
  };

  const fill = async (): Promise<void> => {
    let after: RecordRow | undefined;
    let limit = firstSliceRows;
    while (!closed) {
      const page = { scope, after, limit };
      const read = await deps.storage.transaction('read', ['records'], (tx) => tx.newest(page));
      if (!read.ok) return;
      await applyInSlices(await deps.outboxOf(read.value));
      after = read.value.at(-1);
      if (read.value.length < limit) break;
      limit = sliceRows;
      await deps.pause();
    }
    complete = true;
    announce();
  };

  return {
    get complete() {
      return complete;
    },
    all: () => (liveList ??= [...live.values()]) as readonly OpenRecord<never>[],
    bin: () => (binList ??= [...binned.values()]) as readonly OpenRecord<never>[],
    get: (id) => live.get(id) as OpenRecord<never> | undefined,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    apply,
    seen: (id) => live.get(id) ?? binned.get(id),
    whenComplete: fill(),
    close() {
      closed = true;
      live.clear();
      binned.clear();
      liveList = [];
      binList = [];
      announce();
      listeners.clear();
    },
  };
}
