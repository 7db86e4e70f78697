import { newTask } from '@mana/shared/modules/todo/task-rules';
import { tasks } from '@mana/shared/modules/todo/todo';
import { Dexie } from 'dexie';
import { watchLongTasks, type LongTasks } from './long-tasks.ts';
import { openPageStore } from './test-store.ts';

interface SealedRow {
  readonly key: string;
  readonly blob: Uint8Array<ArrayBuffer>;
}

/** One bulk write, and the same rows by hand. */
export interface BulkRound {
  readonly manaMs: number;
  readonly rawMs: number;
  readonly tasks: LongTasks;
}

const manaName = 'bench-mana';
const rawName = 'bench-raw';
/** As many at once as keep the crypto threads busy. */
const cryptoBatch = 128;
const [ivBytes, tagBytes] = [12, 16];

async function readRows(): Promise<{ records: SealedRow[]; outbox: object[] }> {
  const db = new Dexie(manaName);
  await db.open();
  const rows = { records: await db.table<SealedRow>('records').toArray(), outbox: await db.table<object>('outbox').toArray() };
  db.close();
  return rows;
}

/** The floor: the cipher calls that the rows need, and the rows put as they are. */
async function writeRaw({ records, outbox }: { records: readonly SealedRow[]; outbox: readonly object[] }): Promise<number> {
  const db = new Dexie(rawName);
  db.version(1).stores({ records: 'key, [scope+_updatedAtIndex+key]', outbox: 'key, [order+key]' });
  await db.open();
  const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt']);
  const plains = records.map((row) => ({ bytes: row.blob.slice(ivBytes + tagBytes), place: new TextEncoder().encode(row.key) }));
  const started = performance.now();
  for (let from = 0; from < plains.length; from += cryptoBatch)
    await Promise.all(
      plains
        .slice(from, from + cryptoBatch)
        .map(({ bytes, place }) =>
          crypto.subtle.encrypt(
            { name: 'AES-GCM', iv: crypto.getRandomValues(new Uint8Array(ivBytes)), additionalData: place },
            key,
            bytes,
          ),
        ),
    );
  await db.transaction('rw', ['records', 'outbox'], async () => {
    await db.table('records').bulkPut([...records]);
    await db.table('outbox').bulkPut([...outbox]);
  });
  const rawMs = performance.now() - started;
  db.close();
  await Dexie.delete(rawName);
  return rawMs;
}

/** Writes so many tasks in one batch while their table is open. */
async function measureBulkWrite(count: number): Promise<BulkRound> {
  const store = await openPageStore(manaName);
  await store.whenComplete(tasks);
  const writes = Array.from({ length: count }, (_, index) => ({
    kind: 'put' as const,
    table: 'tasks',
    values: newTask({ title: `task ${index}`, notes: 'what is to be known about it', order: `b${String(index).padStart(7, '0')}` }),
  }));
  const stop = watchLongTasks();
  const started = performance.now();
  const written = await store.write(writes);
  const manaMs = performance.now() - started;
  if (!written.ok || store.table(tasks).all().length !== count) throw new Error('The tasks were not written');
  const longTasks = await stop();
  const rows = await readRows();
  await store.close();
  await Dexie.delete(manaName);
  return { manaMs, rawMs: await writeRaw(rows), tasks: longTasks };
}

declare global {
  interface Window {
    measureBulkWrite: typeof measureBulkWrite;
  }
}

window.measureBulkWrite = measureBulkWrite;
