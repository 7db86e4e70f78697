import type { Table } from '#modules/define-module.ts';
import { parseRecordKey, scopeOf } from './record-state.ts';
import type { Committed } from './record-commit.ts';
import type { Records } from './records.ts';
import type { SliceDeps } from './slices.ts';
import type { OutboxRow, Storage } from './storage.ts';
import type { Seen } from './store-core.ts';
import type { TabChannel, TabMessage } from './tab-channel.ts';
import { createTableView, type FilledView } from './table-view.ts';

/** Parts of what is held in memory. */
export interface LiveStateDeps extends SliceDeps {
  readonly storage: Storage;
  readonly tabs: TabChannel | undefined;
}

/** What a store holds in memory: open tables, the count of waiting edits, and who listens. Hears of own commits and of other tabs'. */
export class LiveState {
  readonly #deps: LiveStateDeps;
  readonly #views = new Map<string, FilledView>();
  readonly #counts = new Map<string, number>();
  readonly #listeners = new Set<() => void>();
  #pending = 0;
  #logsVersion = 0;
  #announced = false;

  constructor(deps: LiveStateDeps, waiting: readonly OutboxRow[]) {
    this.#deps = deps;
    for (const { key, count } of waiting) this.#count(key, count);
  }

  /** Follows other tabs: what they wrote is read again. */
  follow(records: Records): void {
    this.#deps.tabs?.listen(async (message) => {
      if (message.place) {
        records.takePlace(message.place);
        this.announce();
      }
      records.evict(message.records);
      await this.#countAgain(message);
      // What no screen shows is not opened: another tab may be taking over a whole account.
      const loaded = await records.load(message.records.filter((key) => this.#isOpen(key)));
      if (loaded.ok) await this.#take({ records: loaded.value, logs: message.logs }, message.records.length > 0);
    });
  }

  /** Takes in what this tab wrote, and tells the others. */
  async commit(committed: Committed): Promise<void> {
    const keys = committed.records.map(({ key }) => key);
    const { logs, place } = committed;
    const waiting = committed.records.flatMap(({ key, outbox }) => (outbox ? [[key, outbox.count] as const] : []));
    if (keys.length > 0 || logs || place) this.#deps.tabs?.post({ records: keys, waiting, logs, place });
    await this.#take(committed, keys.length > 0);
  }

  /** The view of a table in a space, made when first asked for. */
  view(records: Records, table: Table, space: string): FilledView {
    const scope = scopeOf(space, table.name);
    const known = this.#views.get(scope) ?? createTableView({ ...this.#deps, records }, table, space);
    this.#views.set(scope, known);
    return known;
  }

  /** Names of the tables of a space that are open, the one that was opened last first. */
  openTables(space: string): string[] {
    const names = [...this.#views.keys()].filter((scope) => scope.startsWith(`${space}/`)).map((scope) => scope.slice(space.length + 1));
    return names.toReversed();
  }

  seen(key: string): Seen | undefined {
    const { space, table, id } = parseRecordKey(key);
    const view = this.#views.get(scopeOf(space, table));
    return view?.complete ? { values: view.seen(id)?.values ?? {} } : undefined;
  }

  /** Number of operations that wait. */
  pending(): number {
    return this.#pending;
  }

  /** Rises with each write of a log that screens show, here or in another tab. */
  logsVersion(): number {
    return this.#logsVersion;
  }

  /** A log was written apart from a commit. */
  logsWritten(): void {
    this.#logsVersion += 1;
    this.announce();
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Calls the listeners once for any number of changes in a turn. */
  announce(): void {
    if (this.#announced) return;
    this.#announced = true;
    queueMicrotask(() => {
      this.#announced = false;
      for (const listener of [...this.#listeners]) listener();
    });
  }

  close(): void {
    this.#deps.tabs?.close();
    for (const view of this.#views.values()) view.close();
    this.#listeners.clear();
  }

  /** What another tab says of waiting edits may be behind what this one knows: where they differ, the database decides. */
  async #countAgain({ records, waiting }: TabMessage): Promise<void> {
    const said = new Map(waiting);
    const unclear = records.filter((key) => (said.get(key) ?? 0) !== (this.#counts.get(key) ?? 0));
    if (unclear.length === 0) return;
    const rows = await this.#deps.storage.transaction('read', ['outbox'], (tx) => tx.getMany('outbox', unclear));
    if (rows.ok) unclear.forEach((key, index) => this.#count(key, rows.value[index]?.count ?? 0));
  }

  #isOpen(key: string): boolean {
    const { space, table } = parseRecordKey(key);
    return this.#views.has(scopeOf(space, table));
  }

  async #take({ records, logs }: Committed, isWritten: boolean): Promise<void> {
    for (const { key, outbox } of records) this.#count(key, outbox?.count ?? 0);
    if (logs) this.#logsVersion += 1;
    if (isWritten || logs) this.announce();
    await Promise.all([...this.#views.values()].map((view) => view.apply(records)));
  }

  #count(key: string, count: number): void {
    this.#pending += count - (this.#counts.get(key) ?? 0);
    if (count > 0) this.#counts.set(key, count);
    else this.#counts.delete(key);
  }
}
