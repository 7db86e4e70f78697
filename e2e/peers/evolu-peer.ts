import { createEvoluDriver } from './evolu-driver.ts';
import type { EvoluCommon, EvoluDatabase, EvoluLocalFirst, EvoluPolyfills, EvoluRow } from './evolu-surface.ts';
import { peerModule } from './peer-packages.ts';
import { startPeerServer } from './peer-server.ts';
import { firstOrder, type PeerDevice, type PeerRecord, type SyncPeer } from './sync-peer.ts';

type Lock = { readonly name: string; readonly mode: 'exclusive' };
type Granted = (lock: Lock) => unknown;

/** Web Locks of one device, all of whose workers are in this process. */
function createLocks() {
  const tails = new Map<string, Promise<unknown>>();
  return {
    request(name: string, options: Granted | object, granted?: Granted): Promise<unknown> {
      const call = granted ?? (options as Granted);
      const held = (tails.get(name) ?? Promise.resolve()).then(() => call({ name, mode: 'exclusive' }));
      tails.set(
        name,
        held.catch(() => undefined),
      );
      return held;
    },
    query: () => Promise.resolve({}),
  };
}

interface Evolu {
  readonly common: EvoluCommon;
  readonly local: EvoluLocalFirst;
}

class EvoluDevice implements PeerDevice {
  readonly #db: EvoluDatabase;
  readonly #isSynced: () => boolean;
  readonly #onSync: (listener: () => void) => () => void;
  readonly #queries: ReturnType<typeof makeQueries>;

  constructor(
    db: EvoluDatabase,
    queries: ReturnType<typeof makeQueries>,
    sync: ReturnType<EvoluLocalFirst['createEvoluDeps']>['syncState'],
  ) {
    this.#db = db;
    this.#queries = queries;
    this.#onSync = (listener) => sync.subscribe(listener);
    this.#isSynced = () => {
      const routes = (sync.get()?.tenants ?? []).flatMap(({ owners }) => owners.flatMap((owner) => owner.routes));
      return routes.length > 0 && routes.every(({ complete }) => complete);
    };
  }

  write(records: readonly PeerRecord[]): Promise<void> {
    return new Promise((resolve) => {
      records.forEach((record, index) => {
        const row = { ...record, done: record.done ? 'yes' : 'no' };
        this.#db.insert('task', row, index === records.length - 1 ? { onComplete: resolve } : {});
      });
    });
  }

  uploaded(): Promise<void> {
    return new Promise((resolve) => {
      const check = (): void => {
        if (!this.#isSynced()) return;
        stop();
        resolve();
      };
      const stop = this.#onSync(check);
      check();
    });
  }

  whenReadable(count: number): Promise<void> {
    const isWhole = ({ title, body, done, order }: EvoluRow): boolean => Boolean(title && body && done && order);
    return this.#until(this.#queries.all, (rows) => rows.length >= count && rows.every(isWhole));
  }

  // The socket that brought the records stays subscribed.
  whenLive(): Promise<void> {
    return Promise.resolve();
  }

  async retitle(title: string): Promise<void> {
    const [row] = await this.#db.loadQuery(this.#queries.first);
    if (!row) throw new Error('the first record is not there');
    this.#db.update('task', { id: row.id, title });
  }

  whenTitled(title: string): Promise<void> {
    return this.#until(this.#queries.first, ([row]) => row?.title === title);
  }

  #until(query: ReturnType<typeof makeQueries>['all'], holds: (rows: readonly EvoluRow[]) => boolean): Promise<void> {
    return new Promise((resolve) => {
      const check = (): void => {
        if (!holds(this.#db.getQueryRows(query))) return;
        stop();
        resolve();
      };
      const stop = this.#db.subscribeQuery(query)(check);
      void this.#db.loadQuery(query).then(check);
    });
  }
}

const schemaOf = ({ common: { id, NonEmptyString1000: text } }: Evolu) => ({
  task: { id: id('Task'), title: text, body: text, done: text, order: text },
});

function makeQueries(evolu: Evolu) {
  const query = evolu.common.createQueryBuilder(schemaOf(evolu));
  return {
    all: query((db) => db.selectFrom('task').select(['id', 'title', 'body', 'done', 'order'])),
    first: query((db) => db.selectFrom('task').select(['id', 'title']).where('order', '=', firstOrder)),
  };
}

/** Evolu's client with all its workers in this process, as its package for phones runs them. */
async function openDevice(evolu: Evolu, appOwner: { readonly id: string }, url: string): Promise<PeerDevice> {
  const { common, local } = evolu;
  const base = {
    console: common.createConsole({ level: 'warn' }),
    consoleStoreOutputEntry: common.createStore(null),
    createMessagePort: common.createMessagePort,
    createBroadcastChannel: common.createBroadcastChannel,
    createMessageChannel: common.createMessageChannel,
    createWebSocket: common.createWebSocket,
    lockManager: createLocks(),
    createSqliteDriver: await createEvoluDriver(common, '.'),
  };
  const workers = common.createRun(base);
  const deps = local.createEvoluDeps({
    ...base,
    createDbWorker: () => common.createWorker((self) => void workers(local.startDbWorker(self))),
    sharedWorker: common.createSharedWorker((self) => void workers(local.initSharedWorker(self))),
    reloadApp: () => undefined,
  });
  deps.evoluError.subscribe(() => console.error(deps.evoluError.get()));
  const transports = [local.createOwnerWebSocketTransport({ url, ownerId: appOwner.id })];
  const config = { appName: common.AppName.orThrow('bench'), appOwner, memoryOnly: true, transports };
  const db = await common.createRun(deps).orThrow(common.createEvolu(schemaOf(evolu), config));
  return new EvoluDevice(db, makeQueries(evolu), deps.syncState);
}

/** Evolu: its client on SQLite in memory and its relay. */
export async function openEvoluPeer(): Promise<SyncPeer> {
  (await peerModule<EvoluPolyfills>('@evolu/common/polyfills')).installPolyfills();
  const common = await peerModule<EvoluCommon>('@evolu/common');
  const evolu = { common, local: await peerModule<EvoluLocalFirst>('@evolu/common/local-first') };
  const server = await startPeerServer('evolu-server.ts');
  const owner = common.createAppOwner(common.createOwnerSecret({ randomBytes: common.createRandomBytes() }));
  const open = () => openDevice(evolu, owner, server.url);
  return { openFirst: open, openSecond: open, close: () => server.close() };
}
