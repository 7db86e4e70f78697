import { systemClock } from '@mana/shared/base/clock';
import { systemRandom } from '@mana/shared/base/random';
import { allTableSchemas } from '@mana/shared/modules/all-modules';
import { newTask } from '@mana/shared/modules/todo/task-rules';
import { tasks } from '@mana/shared/modules/todo/todo';
import { createBrowserPlatform } from '@mana/shared/session/browser-platform';
import { createSession } from '@mana/shared/session/create-session';
import type { Session, SessionState } from '@mana/shared/session/session';
import { paths, WIRE_VERSION, WIRE_VERSION_HEADER } from '@mana/shared/wire/endpoints';
import { Dexie } from 'dexie';
import { watchLongTasks, type LongTasks } from './long-tasks.ts';

/** Whose records, and how many there are. */
interface SyncTask {
  readonly email: string;
  readonly password: string;
  readonly records: number;
}

/** A first download, and the same pages fetched and stored as they come. */
interface FirstSync {
  /** Until the 500 newest records are there, in milliseconds. */
  readonly usableMs: number;
  readonly wholeMs: number;
  readonly rawMs: number;
  readonly grownMb: number;
  readonly tasks: LongTasks;
}

const fillBatch = 500;
/** What must be there before a person can go on where they left off. */
const newestRows = 500;
const bytesPerMb = 1_048_576;

type Opened = Extract<SessionState, { kind: 'open' }>;

const newSession = (): Session =>
  createSession({
    baseUrl: '',
    client: 'web',
    clock: systemClock,
    random: systemRandom,
    fetch: (url, init) => fetch(url, init),
    tables: allTableSchemas,
    platform: createBrowserPlatform(),
  });

function opened(session: Session): Opened {
  const state = session.state();
  if (state.kind !== 'open') throw new Error(`The vault is ${state.kind}`);
  return state;
}

/** Resolves when a condition holds that may change with each call of a listener. */
const until = (subscribe: (listener: () => void) => () => void, holds: () => boolean): Promise<void> =>
  new Promise((resolve) => {
    const check = (): void => {
      if (!holds()) return;
      stop();
      resolve();
    };
    const stop = subscribe(check);
    if (holds()) check();
  });

const title = (index: number): string => `task ${index}`;

/** Makes an account with so many tasks, and waits until the server has them. */
async function fillAccount({ email, password, records }: SyncTask): Promise<void> {
  const session = newSession();
  const made = await session.signUp({ email, password, name: 'Ada' });
  if (!made.ok) throw new Error(made.error);
  const { store } = opened(session);
  for (let from = 0; from < records; from += fillBatch) {
    const count = Math.min(fillBatch, records - from);
    await store.write(
      Array.from({ length: count }, (_, index) => ({
        kind: 'put' as const,
        table: 'tasks',
        values: newTask({ title: title(from + index) }),
      })),
    );
  }
  await until(
    (listener) => store.subscribe(listener),
    () => store.pendingCount() === 0,
  );
}

/** Fetches a space page by page and stores each record as it came. */
async function downloadRaw(space: string): Promise<number> {
  const db = new Dexie('bench-raw');
  db.version(1).stores({ records: 'key' });
  await db.open();
  const started = performance.now();
  let cursor = '';
  for (let more = true; more;) {
    const query = new URLSearchParams({ space, ...(cursor === '' ? {} : { cursor }) });
    const answer = await fetch(`${paths.pull}?${query}`, { headers: { [WIRE_VERSION_HEADER]: String(WIRE_VERSION) }, cache: 'no-store' });
    const page = (await answer.json()) as { records: { id: string }[]; cursor: string; more: boolean };
    await db.table('records').bulkPut(page.records.map((record) => ({ key: record.id, record })));
    ({ cursor, more } = page);
  }
  const rawMs = performance.now() - started;
  db.close();
  await Dexie.delete('bench-raw');
  return rawMs;
}

const heapBytes = (): number => (performance as { memory?: { usedJSHeapSize: number } }).memory?.usedJSHeapSize ?? Number.NaN;

/** Signs in on this new device and takes everything over. */
async function measureFirstSync({ email, password, records }: SyncTask): Promise<FirstSync> {
  const session = newSession();
  const before = heapBytes();
  const signedIn = await session.signIn({ email, password });
  if (!signedIn.ok) throw new Error(signedIn.error);
  const started = performance.now();
  const stop = watchLongTasks();
  const { store } = opened(session);
  const view = store.table(tasks);
  const seen = { all: 0, newest: 0 };
  const isNewest = new Set(Array.from({ length: Math.min(newestRows, records) }, (_, index) => title(records - 1 - index)));
  let usableMs = Number.NaN;
  const ids = new Set<string>();
  view.follow({
    put({ id, values }) {
      if (ids.has(id)) return;
      ids.add(id);
      seen.all += 1;
      if (isNewest.has(values.title)) seen.newest += 1;
      if (seen.newest === isNewest.size && Number.isNaN(usableMs)) usableMs = performance.now() - started;
    },
    drop: () => undefined,
    clear: () => undefined,
  });
  await until(
    (listener) => view.subscribe(listener),
    () => seen.all >= records,
  );
  const wholeMs = performance.now() - started;
  const longTasks = await stop();
  const grownMb = (heapBytes() - before) / bytesPerMb;
  const { homeSpace } = store;
  return { usableMs, wholeMs, rawMs: await downloadRaw(homeSpace), grownMb, tasks: longTasks };
}

declare global {
  interface Window {
    fillAccount: typeof fillAccount;
    measureFirstSync: typeof measureFirstSync;
  }
}

window.fillAccount = fillAccount;
window.measureFirstSync = measureFirstSync;
