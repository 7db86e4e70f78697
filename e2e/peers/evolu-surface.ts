// What the bench uses of Evolu: its packages are not the project's, so their own types are not there.
import type { SqliteValue } from './sqlite.ts';

type Opaque<Name extends string> = { readonly opaque: Name };
type Task<Value> = Opaque<'task'> & { readonly value?: Value };
type Query<Row> = Opaque<'query'> & { readonly row?: Row };
type Dependencies = Readonly<Record<string, unknown>>;

/** A statement of Evolu for its driver. */
export interface EvoluQuery {
  readonly sql: string;
  readonly parameters: readonly SqliteValue[];
}

/** Runs tasks. */
export interface EvoluRun {
  <Value>(task: Task<Value>): PromiseLike<{ readonly ok: boolean; readonly value: Value }>;
  readonly deps: Dependencies;
  orThrow<Value>(task: Task<Value>): Promise<Value>;
  create(deps: Dependencies): EvoluRun;
}

/** A value that is told of when it changes. */
interface Kept<Value> {
  get(): Value;
  subscribe(listener: () => void): () => void;
}

/** Row of the bench's table. */
export interface EvoluRow {
  readonly id: string;
  readonly title: string | null;
  readonly body: string | null;
  readonly done: string | null;
  readonly order: string | null;
}

/** Local database of one device. */
export interface EvoluDatabase {
  insert(table: 'task', row: Omit<EvoluRow, 'id'>, options: { readonly onComplete?: () => void }): void;
  update(table: 'task', row: { readonly id: string; readonly title: string }): void;
  loadQuery(query: Query<EvoluRow>): Promise<readonly EvoluRow[]>;
  subscribeQuery(query: Query<EvoluRow>): (listener: () => void) => () => void;
  getQueryRows(query: Query<EvoluRow>): readonly EvoluRow[];
}

interface SelectTask {
  select(columns: readonly (keyof EvoluRow)[]): SelectTask;
  where(column: keyof EvoluRow, comparison: '=', value: string): SelectTask;
}

/** `@evolu/common`. */
export interface EvoluCommon {
  readonly NonEmptyString1000: Opaque<'type'>;
  readonly Name: { orThrow(name: string): string };
  readonly AppName: { orThrow(name: string): string };
  readonly createMessagePort: unknown;
  readonly createBroadcastChannel: unknown;
  readonly createMessageChannel: unknown;
  readonly createWebSocket: unknown;
  id(table: string): Opaque<'type'>;
  ok<Value>(value: Value): { readonly ok: true; readonly value: Value };
  createStore<Value>(value: Value): Kept<Value>;
  createConsole(options: { readonly level: 'warn' }): unknown;
  createRandomBytes(): unknown;
  createOwnerSecret(deps: { readonly randomBytes: unknown }): Opaque<'secret'>;
  createAppOwner(secret: Opaque<'secret'>): { readonly id: string };
  createRun(deps: Dependencies): EvoluRun;
  createSqlite(name: string): Task<unknown>;
  createWorker(start: (self: unknown) => void): unknown;
  createSharedWorker(start: (self: unknown) => void): unknown;
  createQueryBuilder(schema: object): (make: (db: { selectFrom(table: 'task'): SelectTask }) => SelectTask) => Query<EvoluRow>;
  createEvolu(schema: object, config: object): Task<EvoluDatabase>;
}

/** State of a device's lines to its relays. */
interface SyncState {
  readonly tenants: readonly { readonly owners: readonly { readonly routes: readonly { readonly complete: boolean }[] }[] }[];
}

/** `@evolu/common/local-first`. */
export interface EvoluLocalFirst {
  readonly defaultProtocolMessageMaxSize: number;
  initSharedWorker(self: unknown): Task<unknown>;
  startDbWorker(self: unknown): Task<unknown>;
  createEvoluDeps(deps: Dependencies): Dependencies & { readonly syncState: Kept<SyncState | null>; readonly evoluError: Kept<unknown> };
  createOwnerWebSocketTransport(options: { readonly url: string; readonly ownerId: string }): unknown;
  createBaseSqliteStorageTables(deps: Dependencies): void;
  createRelayStorageTables(deps: Dependencies): void;
  createRelaySqliteStorage(deps: Dependencies): (config: { readonly isOwnerWithinQuota: () => boolean }) => unknown;
  applyProtocolMessageAsRelay(
    message: Uint8Array,
    options: {
      readonly subscribe: (owner: string) => void;
      readonly unsubscribe: (owner: string) => void;
      readonly broadcast: (owner: string, message: Uint8Array) => void;
    },
  ): Task<{ readonly message: Uint8Array }>;
}

/** `@evolu/common/polyfills`. */
export interface EvoluPolyfills {
  installPolyfills(): void;
}
