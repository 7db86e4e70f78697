import { b64ToBytes, bytesToB64 } from '#base/bytes.ts';

interface DumpedIndex {
  readonly name: string;
  readonly keyPath: string | string[];
  readonly unique: boolean;
  readonly multiEntry: boolean;
}

interface DumpedStore {
  readonly name: string;
  readonly keyPath: string | string[] | null;
  readonly indexes: readonly DumpedIndex[];
  readonly rows: readonly unknown[];
}

/** An IndexedDB database as JSON: its form and its rows, bytes as base64. */
export interface DatabaseDump {
  /** Native version of IndexedDB. */
  readonly version: number;
  readonly stores: readonly DumpedStore[];
}

const done = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('IndexedDB refused'));
  });

function mapBytes(value: unknown, change: (value: unknown) => unknown): unknown {
  const changed = change(value);
  if (changed !== value || typeof value !== 'object' || value === null) return changed;
  if (Array.isArray(value)) return value.map((item) => mapBytes(item, change));
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, mapBytes(item, change)]));
}

const toJson = (row: unknown): unknown => mapBytes(row, (value) => (value instanceof Uint8Array ? { bytesB64: bytesToB64(value) } : value));
const hasBytes = (value: unknown): value is { readonly bytesB64: string } =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, 'bytesB64');
const fromJson = (row: unknown): unknown => mapBytes(row, (value) => (hasBytes(value) ? b64ToBytes(value.bytesB64) : value));

const indexOf = ({ name, keyPath, unique, multiEntry }: IDBIndex): DumpedIndex => ({ name, keyPath, unique, multiEntry });

/** Reads a closed database. */
export async function dumpDatabase(name: string): Promise<DatabaseDump> {
  const db = await done(indexedDB.open(name));
  const stores: DumpedStore[] = [];
  for (const storeName of [...db.objectStoreNames]) {
    const store = db.transaction(storeName).objectStore(storeName);
    const indexes = [...store.indexNames].map((index) => indexOf(store.index(index)));
    stores.push({ name: storeName, keyPath: store.keyPath, indexes, rows: (await done(store.getAll())).map(toJson) });
  }
  const { version } = db;
  db.close();
  return { version, stores };
}

/** Makes a database as it was dumped. */
export async function loadDatabase(name: string, dump: DatabaseDump): Promise<void> {
  const request = indexedDB.open(name, dump.version);
  request.onupgradeneeded = () => {
    for (const { name: storeName, keyPath, indexes, rows } of dump.stores) {
      const store = request.result.createObjectStore(storeName, { keyPath });
      for (const index of indexes) store.createIndex(index.name, index.keyPath, index);
      for (const row of rows) store.put(fromJson(row));
    }
  };
  (await done(request)).close();
}
