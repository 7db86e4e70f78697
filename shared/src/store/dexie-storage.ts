import { Dexie, type Table as DexieTable, type Transaction } from 'dexie';
import { err, ok, type Result } from '#base/result.ts';
import {
  RowExists,
  type LogRow,
  type OutboxRow,
  type RecordRow,
  type Storage,
  type StorageFailure,
  type StorageRows,
  type StorageTable,
  type StorageTransaction,
} from './storage.ts';

/** Version of the local database. A higher one found on the device means that a newer app wrote it. */
const databaseVersion = 1;
/** Dexie's version 1 is IndexedDB's version 10. */
const dexieVersionFactor = 10;

const schema: Record<StorageTable, string> = {
  records: 'key, [scope+_updatedAtIndex+key]',
  outbox: 'key, [order+key]',
  history: 'key, [at+key]',
  changes: 'key, [at+key]',
  quarantine: 'key, [at+key]',
  drafts: 'key, [at+key]',
  meta: 'key',
};

function createDatabase(name: string): Dexie {
  const { indexedDB, IDBKeyRange } = globalThis;
  const db = new Dexie(name, { cache: 'immutable', indexedDB, IDBKeyRange });
  db.version(databaseVersion).stores(schema);
  // A newer app in another tab wants to upgrade: make way, or it waits for ever.
  db.on('versionchange', () => db.close());
  return db;
}

const nameOf = (error: unknown): string => {
  if (!(error instanceof Error)) return '';
  const inner = 'inner' in error && error.inner instanceof Error ? error.inner.name : '';
  return error.name === 'AbortError' && inner ? inner : error.name;
};

const quotaNames = new Set(['QuotaExceededError', 'NS_ERROR_DOM_QUOTA_REACHED']);
// Safari and Chromium lose the connection when the browser's storage process restarts; opening again mends it.
const lostNames = new Set([
  'DatabaseClosedError',
  'UnknownError',
  'InvalidStateError',
  'OpenFailedError',
  'MissingAPIError',
  'NotFoundError',
]);

function failureOf(error: unknown): StorageFailure | undefined {
  const name = nameOf(error);
  if (quotaNames.has(name)) return 'QUOTA_EXCEEDED';
  if (name === 'VersionError') return 'DATABASE_NEWER';
  return lostNames.has(name) ? 'DATABASE_CLOSED' : undefined;
}

const lowest = Dexie.minKey;
const highest = Dexie.maxKey;
/** Behind every key with the same beginning: keys are ASCII. */
const lastLetter = '\u{ffff}';

/** Rows handed to the database in one go: each is copied on the page's thread, which must come back within its 50 ms. */
const chunkRows = 250;

/** Hands over a list in chunks, one after the other; the transaction stays open as long as one is under way. */
async function inChunks<T>(all: readonly T[], work: (chunk: T[]) => PromiseLike<unknown>): Promise<void> {
  for (let start = 0; start < all.length; start += chunkRows) await work(all.slice(start, start + chunkRows));
}

/** Whether an error says that a row was there already. */
function isConflict(error: unknown): boolean {
  if (error instanceof Dexie.BulkError) return Object.values(error.failuresByPos).every(isConflict);
  return nameOf(error) === 'ConstraintError';
}

async function addRows(table: DexieTable<unknown, string>, rows: readonly unknown[]): Promise<void> {
  try {
    await inChunks(rows, (chunk) => (chunk.length === 1 ? table.add(chunk[0]) : table.bulkAdd(chunk)));
  } catch (error) {
    throw isConflict(error) ? new RowExists() : error;
  }
}

function wrap(transaction: Transaction): StorageTransaction {
  const table = <Row>(name: StorageTable): DexieTable<Row, string> => transaction.table(name);
  return {
    getMany: async <T extends StorageTable>(name: T, keys: readonly string[]) => {
      const found: (StorageRows[T] | undefined)[] = [];
      await inChunks(keys, async (chunk) => {
        const [first = ''] = chunk;
        const rows = table<StorageRows[T]>(name);
        found.push(...(chunk.length === 1 ? [await rows.get(first)] : await rows.bulkGet(chunk)));
      });
      return found;
    },
    putMany: (name, rows) =>
      inChunks<unknown>(rows, (chunk) => (chunk.length === 1 ? table<unknown>(name).put(chunk[0]) : table<unknown>(name).bulkPut(chunk))),
    addMany: (name, rows) => addRows(table<unknown>(name), rows),
    deleteMany: (name, keys) => inChunks(keys, (chunk) => table(name).bulkDelete(chunk)),
    newest: ({ scope, after, limit }) =>
      table<RecordRow>('records')
        .where('[scope+_updatedAtIndex+key]')
        .between([scope, lowest], after ? [scope, after._updatedAtIndex, after.key] : [scope, highest], true, false)
        .reverse()
        .limit(limit)
        .toArray(),
    recordKeys: ({ prefix, after, limit = Infinity }) =>
      table('records')
        .where('key')
        .between(after ?? prefix, prefix + lastLetter, after === undefined, false)
        .limit(limit)
        .primaryKeys(),
    countRecords: (prefix) => table('records').where('key').startsWith(prefix).count(),
    outbox: (limit) => table<OutboxRow>('outbox').orderBy('[order+key]').limit(limit).toArray(),
    log: (name) => table<LogRow>(name).orderBy('[at+key]').reverse().toArray(),
  };
}

/** Native version of a database, in Dexie's count; 0 where there is none. Dexie itself would open a newer one and mend its form. */
const installedVersion = (name: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const request = indexedDB.open(name);
    let isNew = false;
    request.onupgradeneeded = () => {
      isNew = true;
      request.transaction?.abort();
    };
    request.onsuccess = () => {
      const { version } = request.result;
      request.result.close();
      resolve(version / dexieVersionFactor);
    };
    request.onerror = () => (isNew ? resolve(0) : reject(request.error ?? new Error('IndexedDB did not open')));
  });

async function openDatabase(name: string): Promise<Result<Dexie, 'DATABASE_NEWER' | 'DATABASE_UNAVAILABLE'>> {
  let db: Dexie | undefined;
  try {
    if ((await installedVersion(name)) > databaseVersion) return err('DATABASE_NEWER');
    db = createDatabase(name);
    await db.open();
    return ok(db);
  } catch (error) {
    db?.close();
    return err(failureOf(error) === 'DATABASE_NEWER' ? 'DATABASE_NEWER' : 'DATABASE_UNAVAILABLE');
  }
}

/** Opens the IndexedDB database of one account. `DATABASE_NEWER`: written by a newer app; nothing was changed. */
export async function openDexieStorage(name: string): Promise<Result<Storage, 'DATABASE_NEWER' | 'DATABASE_UNAVAILABLE'>> {
  const first = await openDatabase(name);
  if (!first.ok) return first;
  let db = first.value;
  let closed = false;

  const run = async <T>(
    mode: 'read' | 'write',
    tables: readonly StorageTable[],
    work: (tx: StorageTransaction) => Promise<T>,
  ): Promise<T> => db.transaction(mode === 'read' ? 'r' : 'rw', [...tables], (transaction) => work(wrap(transaction)));

  const reopen = async (): Promise<StorageFailure | undefined> => {
    db.close();
    const again = await openDatabase(name);
    if (!again.ok) return again.error === 'DATABASE_NEWER' ? 'DATABASE_NEWER' : 'DATABASE_CLOSED';
    db = again.value;
    return undefined;
  };

  const attempt = async <T>(work: () => Promise<T>): Promise<Result<T, StorageFailure>> => {
    try {
      return ok(await work());
    } catch (error) {
      const failure = failureOf(error);
      if (failure === undefined) throw error;
      return err(failure);
    }
  };

  return ok({
    async transaction(mode, tables, work) {
      if (closed) return err('DATABASE_CLOSED');
      const result = await attempt(() => run(mode, tables, work));
      if (result.ok || result.error !== 'DATABASE_CLOSED' || closed) return result;
      const failure = await reopen();
      return failure === undefined ? attempt(() => run(mode, tables, work)) : err(failure);
    },
    async close() {
      closed = true;
      db.close();
    },
  });
}

/** Deletes a database and everything in it; open connections of other tabs make way. */
export const deleteDexieDatabase = async (name: string): Promise<void> => {
  await createDatabase(name).delete();
};
