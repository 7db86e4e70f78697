import { systemClock } from '@mana/shared/base/clock';
import { nextStamp, ZERO_STAMP, type DeviceId } from '@mana/shared/base/hybrid-clock';
import { newId } from '@mana/shared/base/ids';
import { systemRandom } from '@mana/shared/base/random';
import { sealField } from '@mana/shared/crypto/envelope';
import { IV_BYTES } from '@mana/shared/crypto/primitives';
import { allTableSchemas } from '@mana/shared/modules/all-modules';
import { newTask } from '@mana/shared/modules/todo/task-rules';
import { tasks } from '@mana/shared/modules/todo/todo';
import { createBrowserPlatform } from '@mana/shared/session/browser-platform';
import { createSession } from '@mana/shared/session/create-session';
import { createLocalSync } from '@mana/shared/session/local-sync';
import type { SessionPlatform, SyncParts } from '@mana/shared/session/platform';
import type { Session, SessionState } from '@mana/shared/session/session';
import { paths, WIRE_VERSION, WIRE_VERSION_HEADER } from '@mana/shared/wire/endpoints';
import type { WireField } from '@mana/shared/wire/record';
import type { Op } from '@mana/shared/wire/sync';
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

/** Tasks in one push: its body stays below 1 MiB. */
const fillBatch = 250;
const fillingDevice = '00000000000000f1' as DeviceId;
/** What must be there before a person can go on where they left off. */
const newestRows = 500;
const bytesPerMb = 1_048_576;

type Opened = Extract<SessionState, { kind: 'open' }>;

const openPullWorker = (): Worker => new Worker('first-sync-worker.js', { type: 'module' });

const newSession = (platform: SessionPlatform): Session =>
  createSession({
    baseUrl: '',
    client: 'web',
    clock: systemClock,
    random: systemRandom,
    fetch: (url, init) => fetch(url, init),
    tables: allTableSchemas,
    platform,
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

/** A platform whose sync does nothing but hand over what it is made of: an account is filled without a local store in between. */
function fillingPlatform(): { platform: SessionPlatform; parts: Promise<SyncParts> } {
  let give: (parts: SyncParts) => void = () => undefined;
  const parts = new Promise<SyncParts>((resolve) => (give = resolve));
  const openSync = (given: SyncParts) => {
    give(given);
    return createLocalSync(given.store);
  };
  return { platform: { ...createBrowserPlatform(), openSync }, parts };
}

/** One task as an operation of a push: each field sealed at its place. */
async function sealTask({ store, keyring }: SyncParts, index: number): Promise<Op> {
  const { homeSpace: space, self: actor } = store;
  const [epoch, table, id] = [keyring.currentEpoch(space), 'tasks', newId({ clock: systemClock, random: systemRandom })];
  const key = await keyring.tableKey(space, epoch, table);
  if (!key) throw new Error('The space has no key');
  const at = nextStamp(Date.now(), fillingDevice, ZERO_STAMP);
  const values = newTask({ title: title(index), notes: 'what is to be known about it', order: `b${String(index).padStart(7, '0')}` });
  const sealed = await Promise.all(
    Object.entries(values).map(async ([field, value]): Promise<[string, WireField]> => {
      const place = { space, epoch, table, id, field, at, actor, origin: 'user' as const };
      const v = await sealField(key, place, { value, iv: systemRandom.bytes(IV_BYTES) });
      return [field, { v, at, actor, origin: 'user', epoch }];
    }),
  );
  const createdAt: WireField = { v: new Date().toISOString(), at, actor, origin: 'user', epoch };
  return {
    op: newId({ clock: systemClock, random: systemRandom }),
    space,
    table,
    id,
    fields: { ...Object.fromEntries(sealed), createdAt },
  };
}

async function pushOps(n: number, ops: readonly Op[]): Promise<void> {
  const answer = await fetch(paths.push, {
    method: 'POST',
    headers: { [WIRE_VERSION_HEADER]: String(WIRE_VERSION), 'content-type': 'application/json' },
    body: JSON.stringify({ device: fillingDevice, n, generation: 1, ops }),
  });
  if (!answer.ok) throw new Error(`push ${n}: ${answer.status} ${await answer.text()}`);
}

/** Makes an account with so many tasks: while one push is under way, the next is sealed. */
async function fillAccount({ email, password, records }: SyncTask): Promise<void> {
  const { platform, parts } = fillingPlatform();
  const made = await newSession(platform).signUp({ email, password, name: 'Ada' });
  if (!made.ok) throw new Error(made.error);
  const filled = await parts;
  let pushing = Promise.resolve();
  for (let from = 0, n = 1; from < records; from += fillBatch, n += 1) {
    const count = Math.min(fillBatch, records - from);
    const ops = await Promise.all(Array.from({ length: count }, (_, index) => sealTask(filled, from + index)));
    await pushing;
    pushing = pushOps(n, ops);
  }
  await pushing;
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
  const session = newSession(createBrowserPlatform({ openPullWorker }));
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
