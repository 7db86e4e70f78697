import type { Cojson, JazzCrypto, JazzList, JazzMap, JazzNode, JazzTransport } from './jazz-surface.ts';
import { peerModule } from './peer-packages.ts';
import { startPeerServer } from './peer-server.ts';
import { firstOrder, type PeerDevice, type PeerRecord, type SyncPeer } from './sync-peer.ts';

const syncLimitMs = 240_000;

class JazzDevice implements PeerDevice {
  readonly #node: JazzNode;
  #maps: readonly JazzMap[] = [];
  /** The list of all records: the first device makes it, the second one is told its id. */
  listId: string;

  constructor(node: JazzNode, listId: string) {
    this.#node = node;
    this.listId = listId;
  }

  write(records: readonly PeerRecord[]): Promise<void> {
    const group = this.#node.createGroup();
    const list = group.createList([]);
    this.#maps = records.map((record) => group.createMap({ ...record }));
    list.appendItems(this.#maps.map(({ id }) => id));
    this.listId = list.id;
    return Promise.resolve();
  }

  async uploaded(): Promise<void> {
    await this.#node.syncManager.waitForAllCoValuesSync(syncLimitMs);
  }

  async whenReadable(count: number): Promise<void> {
    const list = await this.#load<JazzList>(this.listId);
    this.#maps = await Promise.all(list.asArray().map((id) => this.#load<JazzMap>(id)));
    const whole = this.#maps.filter((map) => map.get('title') && map.get('body') && map.get('order') && map.get('done') !== undefined);
    if (whole.length < count) throw new Error(`${whole.length} of ${count} records are there`);
  }

  // What was loaded is followed.
  whenLive(): Promise<void> {
    return Promise.resolve();
  }

  retitle(title: string): Promise<void> {
    this.#first().set('title', title);
    return Promise.resolve();
  }

  whenTitled(title: string): Promise<void> {
    const map = this.#first();
    return new Promise((resolve) => {
      const stop = map.subscribe(() => {
        if (map.get('title') !== title) return;
        // The first call comes while this one is still subscribing.
        queueMicrotask(() => stop());
        resolve();
      });
    });
  }

  #first(): JazzMap {
    const map = this.#maps.find((one) => one.get('order') === firstOrder);
    if (!map) throw new Error('the first record is not there');
    return map;
  }

  async #load<Value extends JazzMap | JazzList>(id: string): Promise<Value> {
    const value = await this.#node.load<Value>(id);
    if (value === 'unavailable') throw new Error(`${id} is not there`);
    return value;
  }
}

/** Jazz: its engine `cojson`, without the schemas above it, and the server that `jazz-run sync` runs. */
export async function openJazzPeer(): Promise<SyncPeer> {
  const { LocalNode } = await peerModule<Cojson>('cojson');
  const { NapiCrypto } = await peerModule<JazzCrypto>('cojson/crypto/NapiCrypto');
  const { createWebSocketPeer } = await peerModule<JazzTransport>('cojson-transport-ws');
  const crypto = await NapiCrypto.create();
  const server = await startPeerServer('jazz-server.ts');
  const line = () => [createWebSocketPeer({ id: 'server', role: 'server', websocket: new WebSocket(server.url) })];
  const made = await LocalNode.withNewlyCreatedAccount({ creationProps: { name: 'Ada' }, peers: line(), crypto });
  const first = new JazzDevice(made.node, '');
  return {
    openFirst: () => Promise.resolve(first),
    async openSecond() {
      const { accountID, accountSecret } = made;
      const node = await LocalNode.withLoadedAccount({ accountID, accountSecret, sessionID: undefined, peers: line(), crypto });
      return new JazzDevice(node, first.listId);
    },
    close: () => server.close(),
  };
}
