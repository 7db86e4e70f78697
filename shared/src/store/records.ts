import type { Stamp } from '#base/hybrid-clock.ts';
import { maxStamp } from '#base/hybrid-clock.ts';
import { ok, type Result } from '#base/result.ts';
import { isCurrent, notCurrent, writeSealed, type Commit, type Committed, type RecordDraft, type SealedDraft } from './record-commit.ts';
import type { LocalSealer } from './sealed-bytes.ts';
import { deriveUpdatedAt, parseRecordKey, scopeOf } from './record-state.ts';
import { blankRecord, outboxRowOf, sendingOrder, type StoredRecord } from './stored-record.ts';
import { packState, unpackState } from './state-blob.ts';
import type { OutboxRow, RecordRow, Storage, StorageFailure, StorageTable, StorageTransaction, SyncPlace, WireOp } from './storage.ts';
import { inSlices, type SliceDeps } from './slices.ts';

/** How records are loaded for an update. */
export interface UpdateOptions {
  /** Whether a record is taken for a new one without a look. If it is there after all, the update is made again on what is stored. */
  readonly isNew?: (key: string) => boolean;
}

/** Parts of the record store. */
export interface RecordsDeps extends SliceDeps {
  readonly storage: Storage;
  readonly sealer: LocalSealer;
  readonly warn: (code: string) => void;
  /** Shows what was written; the update is over when that is done. */
  readonly onCommit: (committed: Committed) => Promise<void> | void;
}

/** Reads records, and writes them in one transaction with their outbox rows. */
export interface Records {
  load(keys: readonly string[]): Promise<Result<StoredRecord[], StorageFailure>>;
  /** Opens rows that were read elsewhere; those that do not open are left out and reported. */
  openRows(rows: readonly RecordRow[], outbox?: ReadonlyMap<string, OutboxRow>): Promise<StoredRecord[]>;
  /**
   * Loads, lets `prepare` decide, seals, and writes. `prepare` runs again when another tab wrote one of the records meanwhile.
   * Invariant 1: what is written was prepared on what is stored. Invariant 2: nothing is awaited inside the transaction but storage.
   */
  update<T, F = never>(
    keys: readonly string[],
    prepare: (records: readonly StoredRecord[]) => Promise<Result<{ commit: Commit; value: T }, F>>,
    options?: UpdateOptions,
  ): Promise<Result<T, F | StorageFailure>>;
  /** Writes wire forms without touching the records' blobs. False when a record changed meanwhile: nothing was written. */
  writeWires(
    entries: readonly { readonly from: StoredRecord; readonly wires: readonly WireOp[] }[],
    place?: (place: SyncPlace) => SyncPlace,
  ): Promise<Result<boolean, StorageFailure>>;
  /** Forgets what is held of these records: another tab wrote them. */
  evict(keys: readonly string[]): void;
  place(): SyncPlace;
  /** The place was moved, here or in another tab; an earlier one than is known changes nothing. */
  takePlace(place: SyncPlace): void;
  forget(): void;
}

/** Opened records that are kept at hand, so that an edit reads nothing: those that a person works on. */
const maxHeld = 1_000;

const movesOf = ({ moves = 0 }: SyncPlace): number => moves;

/** The records of a local database. */
export const createRecords = (deps: RecordsDeps, place: SyncPlace): Records => new RecordShelf(deps, place);

class RecordShelf implements Records {
  readonly #deps: RecordsDeps;
  readonly #held = new Map<string, StoredRecord>();
  #place: SyncPlace;

  constructor(deps: RecordsDeps, place: SyncPlace) {
    this.#deps = deps;
    this.#place = place;
  }

  readonly place = (): SyncPlace => this.#place;

  readonly takePlace = (place: SyncPlace): void => {
    if (movesOf(place) > movesOf(this.#place)) this.#place = place;
  };

  forget(): void {
    this.#held.clear();
  }

  evict(keys: readonly string[]): void {
    for (const key of keys) this.#held.delete(key);
  }

  async openRows(rows: readonly RecordRow[], outbox?: ReadonlyMap<string, OutboxRow>): Promise<StoredRecord[]> {
    const opened = await inSlices(rows, (row) => this.#openRow(row, outbox?.get(row.key)), this.#deps);
    return opened.filter((record) => record !== undefined);
  }

  async load(keys: readonly string[], isNew: (key: string) => boolean = () => false): Promise<Result<StoredRecord[], StorageFailure>> {
    const found = new Map<string, StoredRecord>();
    for (const key of keys) {
      const held = this.#held.get(key);
      if (held) found.set(key, held);
    }
    const missing = keys.filter((key) => !found.has(key) && !isNew(key));
    if (missing.length > 0) {
      const read = await this.#deps.storage.transaction('read', ['records', 'outbox'], async (tx) => ({
        rows: await tx.getMany('records', missing),
        outbox: await tx.getMany('outbox', missing),
      }));
      if (!read.ok) return read;
      const outbox = new Map(read.value.outbox.flatMap((row) => (row ? [[row.key, row]] : [])));
      const rows = read.value.rows.filter((row) => row !== undefined);
      for (const record of await this.openRows(rows, outbox)) {
        found.set(record.key, record);
        this.#hold(record);
      }
    }
    return ok(keys.map((key) => found.get(key) ?? blankRecord(key)));
  }

  async update<T, F = never>(
    keys: readonly string[],
    prepare: (records: readonly StoredRecord[]) => Promise<Result<{ commit: Commit; value: T }, F>>,
    { isNew }: UpdateOptions = {},
  ): Promise<Result<T, F | StorageFailure>> {
    for (let attempt = 0; ; attempt += 1) {
      const loaded = await this.load(keys, attempt === 0 ? isNew : undefined);
      if (!loaded.ok) return loaded;
      const prepared = await prepare(loaded.value);
      if (!prepared.ok) return prepared;
      const { commit, value } = prepared.value;
      const written = await this.#commit(commit);
      if (!written.ok) return written;
      if (written.value) return ok(value);
      this.evict(keys);
    }
  }

  /** Seals, writes and shows. False when one of the records is not what it was prepared on. */
  async #commit(commit: Commit): Promise<Result<boolean, StorageFailure>> {
    const sealed = await inSlices(commit.drafts, (draft) => this.#seal(draft), this.#deps);
    const written = await this.#write(commit, sealed);
    if (!written.ok || !written.value) return written;
    const records = sealed.map(({ record }) => record);
    for (const record of records) this.#hold(record);
    const logs = (commit.logs ?? []).some(({ table }) => table !== 'changes');
    await this.#deps.onCommit({ records, logs, place: commit.place && this.#place });
    return written;
  }

  async writeWires(
    entries: readonly { readonly from: StoredRecord; readonly wires: readonly WireOp[] }[],
    change?: Commit['place'],
  ): Promise<Result<boolean, StorageFailure>> {
    const from = entries.map((entry) => entry.from);
    const keys = from.map(({ key }) => key);
    const next = entries.map(({ from: was, wires }): StoredRecord => {
      const outbox = was.outbox && { ...was.outbox, order: sendingOrder(was.state, wires) };
      return { ...was, rev: was.rev + 1, wires, outbox };
    });
    const written = await this.#transact(['records', 'outbox'], change, async (tx) => {
      const rows = await tx.getMany('records', keys);
      if (!isCurrent(rows, from)) return false;
      await tx.putMany(
        'records',
        rows.flatMap((row) => (row ? [{ ...row, rev: row.rev + 1 }] : [])),
      );
      await tx.putMany('outbox', next.flatMap(outboxRowOf));
      return true;
    });
    if (!written.ok) return written;
    if (written.value) for (const record of next) this.#hold(record);
    else this.evict(keys);
    return written;
  }

  #hold(record: StoredRecord): void {
    this.#held.delete(record.key);
    this.#held.set(record.key, record);
    if (this.#held.size <= maxHeld) return;
    const oldest = this.#held.keys().next();
    if (!oldest.done) this.#held.delete(oldest.value);
  }

  async #openRow(row: RecordRow, outbox: OutboxRow | undefined): Promise<StoredRecord | undefined> {
    const { table } = parseRecordKey(row.key);
    const plain = await this.#deps.sealer.open(table, row.key, row.blob);
    if (!plain) {
      this.#deps.warn('RECORD_DOES_NOT_OPEN');
      return undefined;
    }
    return {
      key: row.key,
      state: unpackState(row.key, plain),
      rev: row.rev,
      updatedAtIndex: row._updatedAtIndex as Stamp,
      wires: outbox?.wires ?? [],
      outbox: outbox && { count: outbox.count, order: outbox.order },
    };
  }

  async #seal({ from, state, wires = from.wires }: RecordDraft): Promise<SealedDraft> {
    const kept = wires.filter((wire) => state.pending.some((op) => op.op === wire.op));
    const updatedAtIndex = maxStamp(from.updatedAtIndex, deriveUpdatedAt(state));
    const outbox = state.pending.length > 0 ? { count: state.pending.length, order: sendingOrder(state, kept) } : undefined;
    const record = { key: from.key, state, rev: from.rev + 1, updatedAtIndex, wires: kept, outbox };
    const blob = await this.#deps.sealer.seal(state.table, from.key, packState(state));
    const scope = scopeOf(state.space, state.table);
    return { from, record, row: { key: from.key, scope, rev: record.rev, _updatedAtIndex: updatedAtIndex, blob } };
  }

  #write(commit: Commit, sealed: readonly SealedDraft[]): Promise<Result<boolean, StorageFailure>> {
    const logs = (commit.logs ?? []).map((log) => log.table);
    return this.#transact(['records', 'outbox', ...logs], commit.place, (tx) => writeSealed(tx, commit, sealed));
  }

  /** One transaction that also moves the place, if its work says that it was done. */
  async #transact(
    tables: readonly StorageTable[],
    change: Commit['place'],
    work: (tx: StorageTransaction) => Promise<boolean>,
  ): Promise<Result<boolean, StorageFailure>> {
    const all: StorageTable[] = change ? [...tables, 'meta'] : [...tables];
    let next: SyncPlace | undefined;
    const attempt = this.#deps.storage.transaction('write', [...new Set(all)], async (tx) => {
      if (!(await work(tx))) return false;
      if (!change) return true;
      const [row] = await tx.getMany('meta', ['sync']);
      const was = row?.place ?? this.#place;
      next = { ...change(was), moves: movesOf(was) + 1 };
      await tx.putMany('meta', [{ key: 'sync', place: next }]);
      return true;
    });
    const written = await attempt.catch(notCurrent);
    if (written.ok && written.value && next) this.takePlace(next);
    return written;
  }
}
