import type { Bytes } from '#base/bytes.ts';
import type { DeviceId } from '#base/hybrid-clock.ts';
import type { Result } from '#base/result.ts';
import type { WireFields } from '#wire/record.ts';

/** A record as it rests: everything a person wrote lies sealed in `blob`. */
export interface RecordRow {
  /** `<space>/<table>/<id>`. */
  readonly key: string;
  /** `<space>/<table>`: what a table view reads. */
  readonly scope: string;
  /** Counts the writes of this row: a commit prepared on another number is prepared again. */
  readonly rev: number;
  /** Greatest stamp that the record ever had here; never moves back, never sent. */
  readonly _updatedAtIndex: string;
  readonly blob: Bytes;
}

/** An operation in its wire form: made once, then sent byte for byte until it is answered. */
export interface WireOp {
  readonly op: string;
  readonly fields: WireFields;
  /** Whether it left, or may have left, without an answer so far. */
  readonly sent: boolean;
}

/** A record with edits that the server has not acknowledged; the edits themselves lie in the record's blob. */
export interface OutboxRow {
  /** Key of the record. */
  readonly key: string;
  /** Order of sending: `0` (has operations under way) or `1`, then the oldest stamp. */
  readonly order: string;
  /** Number of operations that wait. */
  readonly count: number;
  readonly wires: readonly WireOp[];
}

/** A sealed entry of history, changes or quarantine, or a draft. */
export interface LogRow {
  readonly key: string;
  /** ISO time: the entries are read newest first and dropped by age. */
  readonly at: string;
  /** Written while the clock was not measured: the next measurement dates it, for a wrong clock would drop it too early. */
  readonly undated?: true;
  readonly blob: Bytes;
}

/** Values that arrived sealed under a key that is not held, or in fields that this version does not declare. */
export interface Unread {
  /** Sequence number behind which they begin. */
  readonly seq: number;
  /** Newest epoch that was held then. */
  readonly epoch: number;
  /** Fingerprint of the declared tables then. */
  readonly tables: string;
}

/** A moment at which this database knew a space up to a sequence number. */
export interface BinMark {
  readonly seq: number;
  readonly generation: number;
  /** By the measured clock, and by the device's own: the bin is emptied only where both have moved on far enough. Milliseconds since 1970. */
  readonly serverMs: number;
  readonly wallMs: number;
}

/** Where this database stands towards the server. */
export interface SyncPlace {
  readonly device: DeviceId;
  /** Device ids that this database used before: their stamps are its own. */
  readonly earlierDevices: readonly DeviceId[];
  /** Number of the last push that left. */
  readonly pushNumber: number;
  readonly generation: number;
  /** Sequence number up to which each space was read. */
  readonly cursors: Readonly<Record<string, number>>;
  /** What could not be read when it arrived: it is fetched again as soon as more can be. By space. */
  readonly unread?: Readonly<Record<string, Unread>>;
  /** Up to which epoch each space is known to hold nothing that an older key sealed; a space that is not named never had another. */
  readonly resealed?: Readonly<Record<string, number>>;
  /** What each space's bin held when: it is emptied by that, oldest first. */
  readonly bins?: Readonly<Record<string, readonly BinMark[]>>;
  /** Server time minus wall-clock time, as measured last, in milliseconds. */
  readonly offsetMs: number;
  /** ISO time of the last complete exchange. */
  readonly lastSyncedAt: string | null;
  /** Counts the moves of the place: what a tab tells of an earlier one never replaces a later one. */
  readonly moves?: number;
}

/** The one row of the table `meta`. */
export interface MetaRow {
  readonly key: 'sync';
  readonly place: SyncPlace;
}

/** Rows of each table of the local database. */
export interface StorageRows {
  records: RecordRow;
  outbox: OutboxRow;
  history: LogRow;
  changes: LogRow;
  quarantine: LogRow;
  drafts: LogRow;
  meta: MetaRow;
}

/** Name of a table of the local database. */
export type StorageTable = keyof StorageRows;

/** Name of a table that is read as a whole. */
export type LogTable = 'history' | 'changes' | 'quarantine' | 'drafts';

/** A part of a scope's records, newest first. */
export interface ScopePage {
  readonly scope: string;
  /** The last row of the page before. */
  readonly after?: RecordRow | undefined;
  readonly limit: number;
}

/** A part of the keys of all records, in their order. */
export interface KeyRange {
  /** What they begin with; empty for all. */
  readonly prefix: string;
  /** The last key of the part before. */
  readonly after?: string | undefined;
  readonly limit?: number;
}

/** Reads and writes inside one transaction. Nothing else may be awaited inside: a transaction closes when it is idle. */
export interface StorageTransaction {
  /** Rows by key, in the order of the keys; undefined where there is none. */
  getMany<T extends StorageTable>(table: T, keys: readonly string[]): Promise<(StorageRows[T] | undefined)[]>;
  putMany<T extends StorageTable>(table: T, rows: readonly StorageRows[T][]): Promise<void>;
  /** Writes rows that are not there yet; when one is, the whole transaction fails with `RowExists`. */
  addMany<T extends StorageTable>(table: T, rows: readonly StorageRows[T][]): Promise<void>;
  deleteMany(table: StorageTable, keys: readonly string[]): Promise<void>;
  /** Records of a scope, newest `_updatedAtIndex` first, then by key. */
  newest(page: ScopePage): Promise<RecordRow[]>;
  /** Keys of records, in their order. */
  recordKeys(range: KeyRange): Promise<string[]>;
  /** Number of the records whose keys begin so. */
  countRecords(prefix: string): Promise<number>;
  /** Outbox rows by `order`. */
  outbox(limit: number): Promise<OutboxRow[]>;
  /** All entries of a log, newest first. */
  log(table: LogTable): Promise<LogRow[]>;
}

/** A row that was to be added is there already: nothing of the transaction was written. */
export class RowExists extends Error {}

/** Why a transaction did not happen. */
export type StorageFailure = 'QUOTA_EXCEEDED' | 'DATABASE_CLOSED' | 'DATABASE_NEWER';

/** Local database: transactions over named tables. All or nothing: when `work` throws or storage fails, nothing was written. */
export interface Storage {
  transaction<T>(
    mode: 'read' | 'write',
    tables: readonly StorageTable[],
    work: (tx: StorageTransaction) => Promise<T>,
  ): Promise<Result<T, StorageFailure>>;
  close(): Promise<void>;
}
