import type { Result } from '#base/result.ts';
import type { Table, ValuesOf } from '#modules/define-module.ts';
import type { JsonValue } from '#modules/field-kinds.ts';
import type { Origin } from '#wire/record.ts';
import type { StoreFailure } from './failures.ts';

/** Who wrote a field and when. */
export interface FieldStamp {
  readonly at: string;
  readonly actor: string;
  readonly origin: Origin;
}

/** A record as screens read it: opened values, and what is known about each. Immutable; a change makes a new object. */
export interface OpenRecord<Values = Readonly<Record<string, JsonValue>>> {
  readonly id: string;
  readonly space: string;
  readonly table: string;
  readonly values: Values;
  readonly stamps: Readonly<Record<string, FieldStamp>>;
  /** ISO time from the record's first write. */
  readonly createdAt: string;
  /** ISO time of the deletion, or null. */
  readonly deletedAt: string | null;
  /** The greatest stamp of its fields (`deriveUpdatedAt`). */
  readonly updatedAt: string;
  /** Whether an edit of it waits for the server. */
  readonly pending: boolean;
  /** Whether it is a seed that nobody has edited. */
  readonly seed: boolean;
}

/** One write of a batch. */
export type Write = (
  | { readonly kind: 'put'; readonly table: string; readonly id?: string; readonly values: Readonly<Record<string, unknown>> }
  | { readonly kind: 'patch'; readonly table: string; readonly id: string; readonly values: Readonly<Record<string, unknown>> }
  | { readonly kind: 'remove'; readonly table: string; readonly id: string }
  | { readonly kind: 'restore'; readonly table: string; readonly id: string }
  /** Drops the values of a deleted record for good; that it was deleted stays. */
  | { readonly kind: 'purge'; readonly table: string; readonly id: string }
) & {
  /** Space of the record, where it is not the batch's: a record moves from one to another in one step. */
  readonly space?: string;
};

/** What a batch did: enough to show it, and to undo it as one step. */
export interface Change {
  readonly id: string;
  readonly recordIds: readonly string[];
}

/** By whom and how a batch is written; by default the person of the session, origin `user`. */
export interface WriteOptions {
  readonly origin?: Origin;
  readonly actor?: string;
  readonly space?: string;
}

/** Keeps something of a view's live records, such as an order, up to date. */
export interface ViewFollower<Values> {
  /** A live record, new or changed; the same object when nothing changed. */
  put(record: OpenRecord<Values>): void;
  /** The record is live no more; it may never have been put. */
  drop(id: string): void;
  /** The vault has closed: what was kept is forgotten. */
  clear(): void;
}

/** The way in which a follower is served. */
export interface ViewFeed {
  /** Whether it got all that was there when it began. */
  readonly complete: boolean;
  stop(): void;
}

/** All live records of one table of one space, opened and held in memory, newest state first applied. */
export interface TableView<Values> {
  /** Whether every stored record has been opened; before, `all()` holds the newest ones. */
  readonly complete: boolean;
  /** Live records in no particular order; the same array until something changes. */
  all(): readonly OpenRecord<Values>[];
  /** Deleted records of the bin. */
  bin(): readonly OpenRecord<Values>[];
  get(id: string): OpenRecord<Values> | undefined;
  /** How many of the live records are seeds that nobody has edited. */
  seedCount(): number;
  /** Calls `listener` after each change, at most once a microtask turn. Returns the way to stop. */
  subscribe(listener: () => void): () => void;
  /** Hands over what is there, in slices of time, and then every change as it happens: before the listeners hear of it. */
  follow(follower: ViewFollower<Values>): ViewFeed;
}

/** A value that lost against another one, kept for 90 days. */
export interface LostValue {
  readonly id: string;
  readonly space: string;
  readonly table: string;
  readonly recordId: string;
  readonly field: string;
  readonly value: JsonValue;
  readonly lostStamp: FieldStamp;
  /** What won: the value where the field itself lost, the deletion where the record was deleted. */
  readonly winner:
    | { readonly kind: 'value'; readonly value: JsonValue; readonly stamp: FieldStamp }
    | { readonly kind: 'deletion'; readonly stamp: FieldStamp };
  /** ISO time at which this device saw it lose. */
  readonly lostAt: string;
  /** Whether the person should be told (an own, unacknowledged edit lost to a different value of somebody else). */
  readonly notice: boolean;
  /** Whether it went without the person having seen it go; else another device of theirs, or a member, replaced it in the ordinary way. */
  readonly conflict: boolean;
}

/** An operation that the server refused for good: it blocks nothing and waits for the person. */
export interface Quarantined {
  readonly id: string;
  readonly space: string;
  readonly table: string;
  readonly recordId: string;
  readonly code: string;
  readonly refusedAt: string;
}

/** The local database of one account (or of the guest): every read and write of the apps goes through here. */
export interface Store {
  /** The person's own space. */
  readonly homeSpace: string;
  /** Space that reads and writes belong to unless they say otherwise. */
  readonly space: string;
  /** The same store, with another space to read and write in; always the same object for the same space. */
  inSpace(space: string): Store;
  /** Actor of the person: `user:<id>`. */
  readonly self: string;
  /** Opens a table's records in memory; the same view for every caller. */
  table<T extends Table>(table: T, space?: string): TableView<ValuesOf<T>>;
  /** Resolves when the view of a table is complete. */
  whenComplete(table: Table, space?: string): Promise<void>;
  /** Makes, changes, deletes and restores records: one transaction with the outbox, durable when it resolves. */
  write(writes: readonly Write[], options?: WriteOptions): Promise<Result<Change, StoreFailure>>;
  /** Takes a change back, also after it was synced: the values before it are written again as one new change. */
  undo(changeId: string): Promise<Result<Change, StoreFailure>>;
  /** Values that lost, newest first. */
  history(): Promise<readonly LostValue[]>;
  /** Writes a lost value again (and the whole record, where it was deleted). */
  restoreLost(id: string): Promise<Result<Change, StoreFailure>>;
  /** Marks a loss as seen: its notice does not come again. */
  dismissNotice(id: string): Promise<void>;
  /** Refused operations. */
  quarantined(): Promise<readonly Quarantined[]>;
  /** Drops a refused operation, or (with `retry`) queues it again. */
  resolveQuarantined(id: string, how: 'retry' | 'drop'): Promise<void>;
  /** Calls `listener` after history, quarantine or outbox changed. */
  subscribe(listener: () => void): () => void;
  /** Rises whenever history or quarantine was written, here or in another tab: who shows them reads again only then. */
  logsVersion(): number;
  /** Number of edits that the server has not acknowledged. */
  pendingCount(): number;
  /** Adds what is missing of the given seeds; idempotent under any number of callers and tabs. */
  seed(
    seeds: readonly { readonly id: string; readonly table: string; readonly values: Readonly<Record<string, JsonValue>> }[],
  ): Promise<void>;
  /** Removes seeds that nobody has edited. */
  dropUntouchedSeeds(): Promise<void>;
  /** Text that is being typed under a name, such as a quick-add line: sealed on this device, never sent. Empty when there is none. */
  draft(name: string): Promise<string>;
  /** Keeps what is being typed (sealed, table `drafts` of the storage); an empty text drops it. */
  keepDraft(name: string, text: string): Promise<Result<void, StoreFailure>>;
  /**
   * A record id that every device of this account derives alike from the same parts, and that tells nobody what they are
   * (`privateId` under the local key `record-ids`). For imports: the second one finds what the first one made.
   */
  privateId(...parts: readonly string[]): Promise<string>;
  /** Closes the database and forgets every opened value and key. */
  close(): Promise<void>;
}
