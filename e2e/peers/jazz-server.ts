// What `jazz-run sync` is: a node without an account that keeps on the disk what comes, and hands it to who asks.
import { join } from 'node:path';
import type { Cojson, JazzCrypto, JazzTransport } from './jazz-surface.ts';
import { peerModule } from './peer-packages.ts';
import { serveSockets } from './peer-server.ts';
import { sqliteOpener, type SqliteValue } from './sqlite.ts';

const { LocalNode, getSqliteStorage } = await peerModule<Cojson>('cojson');
const { NapiCrypto } = await peerModule<JazzCrypto>('cojson/crypto/NapiCrypto');
const { createWebSocketPeer } = await peerModule<JazzTransport>('cojson-transport-ws');

const db = (await sqliteOpener())(join(process.argv[2] ?? '.', 'jazz.db'));
db.query('pragma journal_mode = wal').get();
const crypto = await NapiCrypto.create();
const agent = crypto.newRandomAgentSecret();
const node = new LocalNode(agent, crypto.newRandomSessionID(crypto.getAgentID(agent)), crypto);
node.setStorage(
  getSqliteStorage({
    run: (sql: string, values: SqliteValue[]) => void db.query(sql).run(...values),
    get: (sql: string, values: SqliteValue[]) => db.query(sql).get(...values) ?? undefined,
    query: (sql: string, values: SqliteValue[]) => db.query(sql).all(...values),
    transaction: (work: () => unknown) => void db.transaction(work)(),
    closeDb: () => db.close(),
  }),
);
let clients = 0;
await serveSockets((websocket) => {
  clients += 1;
  const options = { id: `client-${clients}`, role: 'client', expectPings: false, batchingByDefault: false, deletePeerStateOnClose: true };
  node.syncManager.addPeer(createWebSocketPeer({ ...options, websocket }));
});
