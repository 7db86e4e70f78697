import type { Clock } from '#base/clock.ts';
import type { Table } from '#modules/define-module.ts';
import type { OpenRecord, TableView, ViewFeed } from '#store/store.ts';

/** Longest time that reading records holds the thread in one go, in milliseconds: half a frame. */
const SLICE_MS = 8;

/** A table and its records in memory. */
export interface FollowedTable {
  readonly table: Table;
  readonly view: TableView<OpenRecord['values']>;
}

/** What is done with what is read. */
export interface Reader {
  /** A live record, new or changed. */
  put(table: Table, record: OpenRecord): void;
  /** A record that is live no more. */
  drop(table: Table, id: string): void;
  /** Everything was read that has come so far. */
  settled(): void;
  /** The vault has closed. */
  clear(): void;
}

interface Change {
  readonly table: Table;
  readonly id: string;
  readonly record: OpenRecord | undefined;
}

/** Reads tables in slices, and after that what changes, until it is stopped. A change costs its record, whatever the number of records. */
export function followTables(
  tables: readonly FollowedTable[],
  reader: Reader,
  { clock, pause }: { clock: Clock; pause: () => Promise<void> },
): { readonly upToDate: () => boolean; readonly stop: () => void } {
  /** What is to be read, each record once, as it is now. */
  const changes = new Map<string, Change>();
  let feeds: readonly ViewFeed[] = [];
  let running = false;

  function read({ table, id, record }: Change): void {
    if (record) reader.put(table, record);
    else reader.drop(table, id);
  }

  async function readAll(): Promise<void> {
    running = true;
    // What comes in one turn is read in one go.
    await Promise.resolve();
    let sliceStart = clock.monotonicMs();
    for (const [key, change] of changes) {
      changes.delete(key);
      read(change);
      if (clock.monotonicMs() - sliceStart < SLICE_MS) continue;
      await pause();
      sliceStart = clock.monotonicMs();
    }
    running = false;
    if (feeds.length > 0) reader.settled();
  }

  const take = (change: Change): void => {
    changes.set(`${change.table.name}/${change.id}`, change);
    if (!running) void readAll();
  };

  feeds = tables.map(({ table, view }) =>
    view.follow({
      put: (record) => take({ table, id: record.id, record }),
      drop: (id) => take({ table, id, record: undefined }),
      clear: () => {
        changes.clear();
        reader.clear();
      },
    }),
  );
  const upToDate = (): boolean => !running && feeds.every((feed) => feed.complete);
  // A view also tells when all of it was handed over.
  const stops = tables.map(({ view }) => view.subscribe(() => upToDate() && reader.settled()));
  return {
    upToDate,
    stop: () => {
      for (const stop of stops) stop();
      for (const feed of feeds) feed.stop();
      feeds = [];
      changes.clear();
    },
  };
}
