import type { Result } from '#base/result.ts';
import { orderBetween } from '#modules/todo/task-order.ts';
import { notes } from '#modules/notes/notes.ts';
import { taskLists, tasks } from '#modules/todo/todo.ts';
import type { StoreFailure } from '#store/failures.ts';
import type { Change, OpenRecord, Store, Write } from '#store/store.ts';
import type { DraftEntry, ImportDraft, SourceKey } from './import-draft.ts';

/** How many records of a table are new, already there, or come back from the bin. */
export interface ImportCount {
  readonly new: number;
  readonly there: number;
  readonly restored: number;
}

/** What an import would do. */
export interface ImportPlan {
  readonly counts: Readonly<Record<DraftEntry['table'], ImportCount>>;
  readonly writes: readonly Write[];
}

type Fate = keyof ImportCount;

const tables = { tasks, taskLists, notes } as const;
const keyText = (key: SourceKey): string => key.join('\0');

const asText = (value: unknown): string => (typeof value === 'string' ? value : '');

/** What makes two records the same to a person; lists are the same by their name. */
function sameness(table: DraftEntry['table'], values: Readonly<Record<string, unknown>>, list: string): string {
  if (table === 'taskLists') return `${table}\0${asText(values['name'])}`;
  if (table === 'notes') return `${table}\0${asText(values['title'])}\0${asText(values['body'])}`;
  return `${table}\0${list}\0${asText(values['title'])}\0${asText(values['notes'])}`;
}

interface Present {
  readonly live: ReadonlySet<string>;
  readonly binned: ReadonlySet<string>;
  /** Ids of live records by sameness; a record that was found is taken out, so that twins stay two. */
  readonly bySameness: Map<string, string[]>;
}

async function readPresent(store: Store): Promise<Present> {
  const views = await Promise.all(
    Object.entries(tables).map(async ([name, table]) => {
      await store.whenComplete(table);
      return { name: name as DraftEntry['table'], view: store.table(table) };
    }),
  );
  const listNames = new Map(
    store
      .table(taskLists)
      .all()
      .map((list) => [list.id, list.values.name]),
  );
  const bySameness = new Map<string, string[]>();
  for (const { name, view } of views) {
    for (const record of view.all() as readonly OpenRecord[]) {
      const list = listNames.get(asText(record.values['listId'])) ?? '';
      const same = sameness(name, record.values, list);
      bySameness.set(same, [...(bySameness.get(same) ?? []), record.id]);
    }
  }
  const idsOf = (pick: 'all' | 'bin') => new Set(views.flatMap(({ view }) => view[pick]().map((record) => record.id)));
  return { live: idsOf('all'), binned: idsOf('bin'), bySameness };
}

/** Gives orders behind all that is there, each behind the last: what is imported stays together and in its order. */
function ordersBehind(records: readonly OpenRecord[]): () => string {
  let last = records
    .map((record) => asText(record.values['order']))
    .reduce<string | undefined>((most, order) => (most === undefined || order > most ? order : most), undefined);
  return () => (last = orderBetween(last, undefined));
}

function fateOf(derived: string, same: string, present: Present): { id: string; fate: Fate } {
  if (present.live.has(derived)) return { id: derived, fate: 'there' };
  const twin = present.bySameness.get(same)?.shift();
  if (twin !== undefined) return { id: twin, fate: 'there' };
  return { id: derived, fate: present.binned.has(derived) ? 'restored' : 'new' };
}

/** The writes of one entry, given its id and what becomes of it. */
function writesOf(
  { table, list, parent, createdAt, values }: DraftEntry,
  { id, fate, order }: { id: string; fate: Fate; order?: string },
  idOf: (key?: SourceKey) => string | null,
): readonly Write[] {
  if (fate === 'there') return [];
  if (fate === 'restored') return [{ kind: 'restore', table, id }];
  const references = table === 'tasks' ? { listId: idOf(list), parentId: idOf(parent) } : {};
  const known = { ...(order === undefined ? {} : { order }), ...(createdAt === undefined ? {} : { createdAt }) };
  return [{ kind: 'put', table, id, values: { ...values, ...references, ...known } }];
}

/** Compares a draft with what the space holds; writes nothing. */
export async function planImport(draft: ImportDraft, store: Store): Promise<ImportPlan> {
  const present = await readPresent(store);
  const lists = draft.entries.filter((entry) => entry.table === 'taskLists');
  const listNames = new Map(lists.map((entry) => [keyText(entry.key), asText(entry.values['name'])]));
  const none = { new: 0, there: 0, restored: 0 };
  const counts = { tasks: { ...none }, taskLists: { ...none }, notes: { ...none } };
  const ids = new Map<string, string>();
  const idOf = (key?: SourceKey): string | null => ids.get(keyText(key ?? [])) ?? null;
  const nextOrder = {
    tasks: ordersBehind(store.table(tasks).all()),
    taskLists: ordersBehind(store.table(taskLists).all()),
    notes: () => undefined,
  };
  const writes: Write[] = [];
  for (const entry of draft.entries) {
    const derived = await store.privateId('import', store.homeSpace, entry.table, ...entry.key);
    const list = listNames.get(keyText(entry.list ?? [])) ?? '';
    const decided = fateOf(derived, sameness(entry.table, entry.values, list), present);
    ids.set(keyText(entry.key), decided.id);
    counts[entry.table][decided.fate] += 1;
    const order = decided.fate === 'new' ? nextOrder[entry.table]() : undefined;
    writes.push(...writesOf(entry, { ...decided, ...(order === undefined ? {} : { order }) }, idOf));
  }
  return { counts, writes };
}

/** Writes what a plan holds as one change with origin `migration`; one undo takes it back. */
export const applyImport = (plan: ImportPlan, store: Store): Promise<Result<Change, StoreFailure>> =>
  store.write(plan.writes, { origin: 'migration' });
