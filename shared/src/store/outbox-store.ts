import type { DeviceId } from '#base/hybrid-clock.ts';
import type { Result } from '#base/result.ts';
import type { JsonValue } from '#modules/field-kinds.ts';
import type { WireField, WireRecord } from '#wire/record.ts';
import type { PushAnswer } from '#wire/sync.ts';
import type { DeviceClock } from './device-clock.ts';
import type { StoreFailure } from './failures.ts';
import type { OpenedLogs } from './opened-logs.ts';
import type { StoredRecord } from './stored-record.ts';
import type { StorageFailure, SyncPlace, WireOp } from './storage.ts';
import type { OpenRecord, Store } from './store.ts';

/** A field of a record. */
export interface FieldName {
  readonly space: string;
  readonly table: string;
  readonly id: string;
  readonly field: string;
}

/** Opens an envelope at its place; the error is a code for the log, never a value. */
export type OpenWireField = (name: FieldName, field: WireField) => Promise<Result<JsonValue, string>>;

/** Records that arrived for a space. */
export interface Arrival {
  readonly space: string;
  readonly records: readonly WireRecord[];
  readonly open: OpenWireField;
  /** Moves the cursor, in the transaction that writes the records. */
  readonly place?: (place: SyncPlace) => SyncPlace;
}

/** An answered push. */
export interface AnsweredPush {
  readonly device: DeviceId;
  readonly n: number;
  /** Record of each operation that was in it. */
  readonly keyByOp: ReadonlyMap<string, string>;
  readonly answer: PushAnswer;
  readonly open: OpenWireField;
}

/** A space as this device knows it: two devices with the same `generation` and `seq` have the same `digest`, or were not shown the same. */
export interface SpaceDigest {
  readonly generation: number;
  /** Greatest sequence number of a record that is covered. */
  readonly seq: number;
  /** SHA-256 of what the server acknowledged, base64. */
  readonly digest: string;
}

/** A part of a space whose values are to be sealed under its newest key. */
export interface ResealSlice {
  readonly space: string;
  /** The step before; undefined at the beginning. */
  readonly before: ResealStep | undefined;
  /** Records to look at. */
  readonly limit: number;
}

/** How far sealing anew has come. */
export interface ResealStep {
  /** Key of the last record that was looked at; undefined when nothing is left, and nothing waits to be sent. */
  readonly after: string | undefined;
  /** Records looked at so far, and all there were at the beginning. */
  readonly done: number;
  readonly total: number;
  /** Records of this slice that wait to be sent. */
  readonly queued: number;
}

/** The store as sync sees it: what waits, and the way in for what arrives. */
export interface OutboxStore extends Store {
  readonly deviceClock: DeviceClock;
  /** Where this database stands towards the server. */
  place(): SyncPlace;
  /** Another worker on the same database moved the place; an earlier one than is known changes nothing. */
  takePlace(place: SyncPlace): void;
  /** Names of the tables of a space that screens have opened, the last one first. */
  openTables(space: string): readonly string[];
  movePlace(change: (place: SyncPlace) => SyncPlace): Promise<Result<void, StorageFailure>>;
  isStructural(table: string, field: string): boolean;
  /** Records with waiting operations: those under way first, then the oldest. */
  waiting(limit: number): Promise<Result<readonly StoredRecord[], StorageFailure>>;
  /** Persists the wire form of operations before they leave, and draws the push's number. Undefined when a record changed meanwhile. */
  markSent(
    entries: readonly { readonly from: StoredRecord; readonly wires: readonly WireOp[] }[],
  ): Promise<Result<{ device: DeviceId; n: number; generation: number } | undefined, StorageFailure>>;
  /** Takes in the outcome of a push. Resolves with whether the clock must be measured. */
  settle(push: AnsweredPush): Promise<Result<{ readonly measure: boolean }, StorageFailure>>;
  /** Takes in records of a pull or a live message: a field only ever rises. */
  applyRemote(arrival: Arrival): Promise<Result<void, StorageFailure>>;
  /** Gives unsent edits the stamps of a clock that was just measured. */
  restampWaiting(): Promise<Result<void, StorageFailure>>;
  /** This database is a copy of another: it takes a new name and goes on. */
  becomeNewDevice(): Promise<Result<void, StorageFailure>>;
  /** The space as this device knows it, without the records of one table; undefined while it is not settled. */
  digestSpace(space: string, exceptTable: string): Promise<SpaceDigest | undefined>;
  /** Goes back to what could not be read when it arrived, where a key or a version that may open it came since. */
  rereadUnread(): Promise<Result<void, StorageFailure>>;
  /**
   * The server goes on from an earlier point: what was acknowledged beyond what is shared is offered again, byte for byte. Within the
   * running generation only the named spaces start over; in another one a space that is not named shares nothing.
   */
  startOver(generation: number, shared: Readonly<Record<string, number>>): Promise<Result<void, StorageFailure>>;
  /** Queues what an older key sealed in a part of a space, to be sealed under the newest one: nothing that anybody sees changes. */
  resealSlice(slice: ResealSlice): Promise<Result<ResealStep, StorageFailure>>;
  /**
   * Drops the values of what this device has known as deleted for longer than `BIN_KEPT_MS`, and notes what the bin holds now.
   * Only by a clock that was measured. Resolves with the number of records.
   */
  emptyBin(space: string): Promise<Result<number, StorageFailure>>;
  /** Takes over records of another database (the guest's) with their stamps, as edits of this person. Those that exist stay as they are. */
  takeOver(records: readonly OpenRecord[]): Promise<Result<void, StoreFailure>>;
  /** Opens history, ways back and drafts, for another database to take over. */
  openLogs(): Promise<Result<OpenedLogs, StoreFailure>>;
  /** Takes over another database's history, ways back and drafts; doing it again changes nothing. */
  takeOverLogs(logs: OpenedLogs): Promise<Result<void, StoreFailure>>;
}
