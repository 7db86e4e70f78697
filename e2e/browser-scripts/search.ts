import { systemClock } from '@mana/shared/base/clock';
import { allTableSchemas } from '@mana/shared/modules/all-modules';
import { createSearchIndex } from '@mana/shared/search/search-index';
import type { Store } from '@mana/shared/store/store';
import { pauseForEvents } from '@mana/shared/store/slices';
import { createFakeView } from '@mana/shared/testing/fake-view';
import { madeUpRecords } from '@mana/shared/testing/made-up-records';
import { watchLongTasks, type LongTasks } from './long-tasks.ts';

/** An index that was built, and what it answered. */
interface SearchRound {
  readonly buildMs: number;
  readonly tasks: LongTasks;
  /** Median time of each query, in milliseconds. */
  readonly answersMs: readonly number[];
  readonly heapMb: number;
}

const repeats = 9;
const bytesPerMb = 1_048_576;

const heapBytes = (): number => (performance as { memory?: { usedJSHeapSize: number } }).memory?.usedJSHeapSize ?? Number.NaN;

function medianMs(run: () => void): number {
  const times = Array.from({ length: repeats }, () => {
    const started = performance.now();
    run();
    return performance.now() - started;
  });
  return times.toSorted((one, other) => one - other)[Math.floor(repeats / 2)] ?? Number.NaN;
}

/** Builds the index of so many records and asks it. */
async function measureSearch(count: number): Promise<SearchRound> {
  const { records, queries } = madeUpRecords(count);
  const views = new Map(allTableSchemas.map(({ name }) => [name, createFakeView(records.filter((record) => record.table === name))]));
  const before = heapBytes();
  const stop = watchLongTasks();
  const started = performance.now();
  const index = createSearchIndex({
    store: { table: ({ name }: { name: string }) => views.get(name) } as unknown as Pick<Store, 'table'>,
    tables: allTableSchemas,
    clock: systemClock,
    pause: pauseForEvents,
  });
  while (!index.complete) await new Promise((resolve) => setTimeout(resolve));
  const buildMs = performance.now() - started;
  const tasks = await stop();
  const heapMb = (heapBytes() - before) / bytesPerMb;
  const answersMs = queries.map((query) => medianMs(() => index.search(query)));
  index.stop();
  return { buildMs, tasks, answersMs, heapMb };
}

declare global {
  interface Window {
    measureSearch: typeof measureSearch;
  }
}

window.measureSearch = measureSearch;
