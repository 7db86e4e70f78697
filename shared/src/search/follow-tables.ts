import type { Clock } from '#base/clock.ts';
import type { Table } from '#modules/define-module.ts';
import type { OpenRecord, TableView } from '#store/store.ts';

/** Longest time that reading records holds the thread in one go, in milliseconds: half a frame. */
const SLICE_MS = 8;

/** A table and its records in memory. */
export interface FollowedTable {
  readonly table: Table;
  readonly view: TableView<OpenRecord['values']>;
}

/** What is done with what is read. */
export interface Reader {
  /** A live record, at every reading; the same object when nothing changed. */
  put(table: Table, record: OpenRecord): void;
  /** All live records of the table were put: what else is known of it is gone. */
  dropMissing(followed: FollowedTable): void;
  /** Everything was read. */
  settled(): void;
}

/** Reads tables in slices, again after every change, until it is stopped. */
export function followTables(
  tables: readonly FollowedTable[],
  reader: Reader,
  { clock, pause }: { clock: Clock; pause: () => Promise<void> },
): { readonly upToDate: () => boolean; readonly stop: () => void } {
  let stopped = false;
  let running = false;
  let again = false;

  async function readTable(followed: FollowedTable): Promise<void> {
    let sliceStart = clock.monotonicMs();
    for (const record of followed.view.all()) {
      reader.put(followed.table, record);
      if (clock.monotonicMs() - sliceStart < SLICE_MS) continue;
      await pause();
      if (stopped) return;
      sliceStart = clock.monotonicMs();
    }
    reader.dropMissing(followed);
  }

  async function follow(): Promise<void> {
    again = true;
    if (running) return;
    running = true;
    while (again && !stopped) {
      again = false;
      for (const followed of tables) if (!stopped) await readTable(followed);
    }
    running = false;
    if (!stopped) reader.settled();
  }

  const stops = tables.map(({ view }) => view.subscribe(() => void follow()));
  void follow();
  return {
    upToDate: () => !running && !again,
    stop: () => {
      stopped = true;
      for (const stop of stops) stop();
    },
  };
}
