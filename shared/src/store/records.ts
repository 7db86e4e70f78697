import type { Stamp } from '#base/hybrid-clock.ts';
import { maxStamp, ZERO_STAMP } from '#base/hybrid-clock.ts';
import { ok, type Result } from '#base/result.ts';
import type { LocalSealer } from './sealed-bytes.ts';
import { deriveUpdatedAt, emptyState, parseRecordKey, scopeOf, type RecordState } from './record-state.ts';
import { packState, unpackState } from './state-blob.ts';
import type { LogRow, LogTable, OutboxRow, RecordRow, Storage, StorageFailure, StorageTransaction, SyncPlace, WireOp } from './storage.ts';
import { SLICE_MS, type Pause } from './slices.ts';

/** A record with where it rests. */
export interface StoredRecord {
  readonly key: string;
  readonly state: RecordState;
  readonly rev: number;
  readonly updatedAtIndex: Stamp;
  readonly wires: readonly WireOp[];
  /** Number of waiting operations as stored, and their place in the order of sending. */
  readonly outbox: { readonly count: number; readonly order: string } | undefined;
}

/** A record's next state. */
export interface RecordDraft {
  readonly from: StoredRecord;
  readonly state: RecordState;
  /** Wire forms to keep; those of operations that no longer wait are dropped. By default the ones it had. */
  readonly wires?: readonly WireOp[];
}

/** Rows of a log that are written or dropped with the records. */
export interface LogWrite {
  readonly table: LogTable;
  readonly put?: readonly LogRow[];
  readonly drop?: readonly string[];
}

/** What one transaction writes. */
export interface Commit {
  readonly drafts: readonly RecordDraft[];
  readonly logs?: readonly LogWrite[];
  /** Changes where this database stands towards the server. */
  readonly place?: (place: SyncPlace) => SyncPlace;
}

/** What a commit did, for views, tabs and sync. */
export interface Committed {
  readonly records: readonly StoredRecord[];
  readonly logs: boolean;
}

/** Parts of the record store. */
export interface RecordsDeps {
  readonly storage: Storage;
  readonly sealer: LocalSealer;
  readonly monotonicMs: () => number;
  readonly pause: Pause;
  readonly warn: (code: string) => void;
  readonly onCommit: (committed: Committed) => void;
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
  ): Promise<Result<T, F | StorageFailure>>;
  /** Writes wire forms without touching the records' blobs. False when a record changed meanwhile: nothing was written. */
  writeWires(
    entries: readonly { readonly from: StoredRecord; readonly wires: readonly WireOp[] }[],
    place?: (place: SyncPlace) => SyncPlace,
  ): Promise<Result<boolean, StorageFailure>>;
  /** Forgets what is held of these records: another tab wrote them. */
  evict(keys: readonly string[]): void;
  place(): SyncPlace;
  forget(): void;
}

/** Opened records that are kept at hand, so that an edit reads nothing: those that a person works on. */
const maxHeld = 1_000;
/** Records sealed or opened at once: enough to keep the crypto threads busy. */
const batchSize = 128;

const blank = (key: string): StoredRecord => {
  const { space, table, id } = parseRecordKey(key);
  return { key, state: emptyState(space, table, id), rev: 0, updatedAtIndex: ZERO_STAMP, wires: [], outbox: undefined };
};

const orderOf = (state: RecordState, wires: readonly WireOp[]): string => {
  const [first] = state.pending;
  const at = first ? Object.values(first.fields).reduce((max, field) => maxStamp(max, field.at), ZERO_STAMP) : ZERO_STAMP;
  return `${wires.some((wire) => wire.sent) ? 0 : 1}${at}`;
};

/** The records of a local database. */
export function createRecords(deps: RecordsDeps, initialPlace: SyncPlace): Records {
  const { storage, sealer } = deps;
  const held = new Map<string, StoredRecord>();
  let place = initialPlace;

  const hold = (record: StoredRecord): void => {
    held.delete(record.key);
    held.set(record.key, record);
    if (held.size <= maxHeld) return;
    const oldest = held.keys().next();
    if (!oldest.done) held.delete(oldest.value);
  };

  async function inSlices<A, B>(items: readonly A[], work: (item: A) => Promise<B>): Promise<B[]> {
    const done: B[] = [];
    let sliceStart = deps.monotonicMs();
    for (let start = 0; start < items.length; start += batchSize) {
      done.push(...(await Promise.all(items.slice(start, start + batchSize).map(work))));
      if (start + batchSize >= items.length || deps.monotonicMs() - sliceStart < SLICE_MS) continue;
      await deps.pause();
      sliceStart = deps.monotonicMs();
    }
    return done;
  }

  async function openRow(row: RecordRow, outbox: OutboxRow | undefined): Promise<StoredRecord | undefined> {
    const { table } = parseRecordKey(row.key);
    const plain = await sealer.open(table, row.key, row.blob);
    if (!plain) {
      deps.warn('RECORD_DOES_NOT_OPEN');
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

  const openRows: Records['openRows'] = async (rows, outbox) => {
    const opened = await inSlices(rows, (row) => openRow(row, outbox?.get(row.key)));
    return opened.filter((record) => record !== undefined);
  };

  const load: Records['load'] = async (keys) => {
    const missing = keys.filter((key) => !held.has(key));
    const found = new Map<string, StoredRecord>(keys.flatMap((key) => held.get(key) ?? []).map((record) => [record.key, record]));
    if (missing.length > 0) {
      const read = await storage.transaction('read', ['records', 'outbox'], async (tx) => ({
        rows: await tx.getMany('records', missing),
        outbox: await tx.getMany('outbox', missing),
      }));
      if (!read.ok) return read;
      const outbox = new Map(read.value.outbox.flatMap((row) => (row ? [[row.key, row]] : [])));
      for (const record of await openRows(
        read.value.rows.filter((row) => row !== undefined),
        outbox,
      )) {
        found.set(record.key, record);
        hold(record);
      }
    }
    return ok(keys.map((key) => found.get(key) ?? blank(key)));
  };

  async function sealDraft({ from, state, wires = from.wires }: RecordDraft): Promise<{ record: StoredRecord; row: RecordRow }> {
    const kept = wires.filter((wire) => state.pending.some((op) => op.op === wire.op));
    const updatedAtIndex = maxStamp(from.updatedAtIndex, deriveUpdatedAt(state));
    const outbox = state.pending.length > 0 ? { count: state.pending.length, order: orderOf(state, kept) } : undefined;
    const record = { key: from.key, state, rev: from.rev + 1, updatedAtIndex, wires: kept, outbox };
    const blob = await sealer.seal(state.table, from.key, packState(state));
    const scope = scopeOf(state.space, state.table);
    return { record, row: { key: from.key, scope, rev: record.rev, _updatedAtIndex: updatedAtIndex, blob } };
  }

  const isCurrent = (rows: readonly (RecordRow | undefined)[], expected: readonly StoredRecord[]): boolean =>
    expected.every((record, index) => (rows[index]?.rev ?? 0) === record.rev);

  async function writePlace(tx: StorageTransaction, change: Commit['place']): Promise<SyncPlace | undefined> {
    if (!change) return undefined;
    const [row] = await tx.getMany('meta', ['sync']);
    const next = change(row?.place ?? place);
    await tx.putMany('meta', [{ key: 'sync', place: next }]);
    return next;
  }

  async function writeLogs(tx: StorageTransaction, logs: readonly LogWrite[]): Promise<void> {
    for (const log of logs) {
      if (log.put) await tx.putMany(log.table, log.put);
      if (log.drop) await tx.deleteMany(log.table, log.drop);
    }
  }

  async function write(commit: Commit, sealed: Awaited<ReturnType<typeof sealDraft>>[]): Promise<Result<boolean, StorageFailure>> {
    const keys = commit.drafts.map((draft) => draft.from.key);
    const from = commit.drafts.map((draft) => draft.from);
    const logs = commit.logs ?? [];
    const rows = sealed.map(({ row }) => row);
    const outboxChanged = sealed.filter(({ record }, index) => outboxDiffers(from[index], record));
    const outboxRows = outboxChanged.flatMap(({ record }): OutboxRow[] =>
      record.outbox ? [{ key: record.key, ...record.outbox, wires: record.wires }] : [],
    );
    const goneOutbox = outboxChanged.filter(({ record }) => !record.outbox).map(({ record }) => record.key);
    const tables = ['records', 'outbox', ...logs.map((log) => log.table), ...(commit.place ? (['meta'] as const) : [])] as const;
    let nextPlace: SyncPlace | undefined;
    const result = await storage.transaction('write', [...new Set(tables)], async (tx) => {
      if (!isCurrent(await tx.getMany('records', keys), from)) return false;
      await tx.putMany('records', rows);
      await tx.putMany('outbox', outboxRows);
      await tx.deleteMany('outbox', goneOutbox);
      await writeLogs(tx, logs);
      nextPlace = await writePlace(tx, commit.place);
      return true;
    });
    if (result.ok && result.value) place = nextPlace ?? place;
    return result;
  }

  return {
    load,
    openRows,
    async update(keys, prepare) {
      for (;;) {
        const loaded = await load(keys);
        if (!loaded.ok) return loaded;
        const prepared = await prepare(loaded.value);
        if (!prepared.ok) return prepared;
        const { commit, value } = prepared.value;
        const sealed = await inSlices(commit.drafts, sealDraft);
        const written = await write(commit, sealed);
        if (!written.ok) return written;
        if (!written.value) {
          keys.forEach((key) => held.delete(key));
          continue;
        }
        const records = sealed.map(({ record }) => record);
        records.forEach(hold);
        deps.onCommit({ records, logs: (commit.logs ?? []).length > 0 });
        return ok(value);
      }
    },
    async writeWires(entries, change) {
      const keys = entries.map(({ from }) => from.key);
      const next = entries.map(({ from, wires }): StoredRecord => {
        const outbox = from.outbox && { ...from.outbox, order: orderOf(from.state, wires) };
        return { ...from, rev: from.rev + 1, wires, outbox };
      });
      let nextPlace: SyncPlace | undefined;
      const result = await storage.transaction('write', ['records', 'outbox', 'meta'], async (tx) => {
        const rows = await tx.getMany('records', keys);
        if (
          !isCurrent(
            rows,
            entries.map(({ from }) => from),
          )
        )
          return false;
        await tx.putMany(
          'records',
          rows.flatMap((row) => (row ? [{ ...row, rev: row.rev + 1 }] : [])),
        );
        await tx.putMany(
          'outbox',
          next.flatMap(({ key, outbox, wires }) => (outbox ? [{ key, ...outbox, wires }] : [])),
        );
        nextPlace = await writePlace(tx, change);
        return true;
      });
      if (!result.ok) return result;
      if (result.value) {
        place = nextPlace ?? place;
        next.forEach(hold);
      } else keys.forEach((key) => held.delete(key));
      return result;
    },
    evict: (keys) => keys.forEach((key) => held.delete(key)),
    place: () => place,
    forget: () => held.clear(),
  };
}

const outboxDiffers = (from: StoredRecord | undefined, to: StoredRecord): boolean =>
  from?.outbox?.count !== to.outbox?.count ||
  from?.outbox?.order !== to.outbox?.order ||
  from?.wires.length !== to.wires.length ||
  from?.wires.some((wire, index) => wire !== to.wires[index]) === true;
