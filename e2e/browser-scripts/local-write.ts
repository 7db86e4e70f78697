import { TaskBoard } from '@mana/shared/modules/todo/task-board';
import { newTask, type Task } from '@mana/shared/modules/todo/task-rules';
import { tasks } from '@mana/shared/modules/todo/todo';
import type { OpenRecord } from '@mana/shared/store/store';
import { Dexie, liveQuery } from 'dexie';
import { openPageStore } from './test-store.ts';

/** Rows that a screen shows at once. */
const windowRows = 100;
const fillBatch = 500;

interface ShownRow {
  readonly id: string;
  readonly text: string;
}

const list = document.body.appendChild(document.createElement('ul'));

/** Shows rows, keyed by id: what changed is touched, the rest stays. Both sides paint by the same function. */
function show(rows: readonly ShownRow[]): void {
  const known = new Map([...list.children].map((child) => [child.id, child]));
  const next = rows.map(({ id, text }) => {
    const row = known.get(id) ?? Object.assign(document.createElement('li'), { id });
    if (row.textContent !== text) row.textContent = text;
    return row;
  });
  if (next.length !== list.children.length || next.some((row, index) => row !== list.children[index])) list.replaceChildren(...next);
}

const painted = (): Promise<void> =>
  new Promise((resolve) => {
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => resolve();
      channel.port2.postMessage(0);
    });
  });

/** Calls of `write` until the text is on the screen, in milliseconds each. */
async function timeWrites(count: number, write: (text: string) => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const text = `written ${index}`;
    const shown = new Promise<void>((resolve) => {
      const observer = new MutationObserver(() => {
        if (list.firstElementChild?.textContent !== text) return;
        observer.disconnect();
        resolve();
      });
      observer.observe(list, { childList: true, subtree: true, characterData: true });
    });
    const started = performance.now();
    await Promise.all([write(text), shown]);
    await painted();
    times.push(performance.now() - started);
  }
  return times;
}

/** Mana: encrypted store with outbox, the board of the task screen, a window of 100 rows. */
async function measureMana({ records, writes }: { records: number; writes: number }): Promise<number[]> {
  const store = await openPageStore('bench-mana');
  for (let from = 0; from < records; from += fillBatch)
    await store.write(
      Array.from({ length: Math.min(fillBatch, records - from) }, (_, index) => ({
        kind: 'put' as const,
        table: 'tasks',
        values: newTask({ title: `task ${from + index}`, order: `b${String(from + index).padStart(7, '0')}` }),
      })),
    );
  const view = store.table(tasks);
  await store.whenComplete(tasks);
  const board = new TaskBoard<OpenRecord<Task>>({ today: '2026-11-25' });
  const feed = view.follow(board);
  while (!feed.complete) await painted();
  const refresh = (): void =>
    show(
      board
        .section('someday')
        .slice(0, windowRows)
        .map(({ id, values }) => ({ id, text: values.title })),
    );
  const stop = view.subscribe(refresh);
  refresh();
  const first = list.firstElementChild?.id ?? '';
  const times = await timeWrites(writes, (title) => store.write([{ kind: 'patch', table: 'tasks', id: first, values: { title } }]));
  stop();
  await store.close();
  await Dexie.delete('bench-mana');
  list.replaceChildren();
  return times;
}

/** The floor: one unencrypted row put into Dexie, a live query of the same window. */
async function measureDexie({ records, writes }: { records: number; writes: number }): Promise<number[]> {
  const db = new Dexie('bench-dexie', { cache: 'immutable' });
  db.version(1).stores({ rows: 'id, order' });
  const rows = db.table<ShownRow & { order: string }, string>('rows');
  for (let from = 0; from < records; from += fillBatch)
    await rows.bulkPut(
      Array.from({ length: Math.min(fillBatch, records - from) }, (_, index) => ({
        id: `row-${from + index}`,
        order: `b${String(from + index).padStart(7, '0')}`,
        text: `task ${from + index}`,
      })),
    );
  await new Promise<void>((resolve) => {
    const subscription = liveQuery(() => rows.orderBy('order').limit(windowRows).toArray()).subscribe((found) => {
      show(found);
      resolve();
    });
    window.addEventListener('bench-over', () => subscription.unsubscribe(), { once: true });
  });
  const first = { id: 'row-0', order: 'b0000000' };
  const times = await timeWrites(writes, (text) => rows.put({ ...first, text }));
  window.dispatchEvent(new Event('bench-over'));
  db.close();
  await Dexie.delete('bench-dexie');
  list.replaceChildren();
  return times;
}

declare global {
  interface Window {
    measureMana: typeof measureMana;
    measureDexie: typeof measureDexie;
  }
}

window.measureMana = measureMana;
window.measureDexie = measureDexie;
