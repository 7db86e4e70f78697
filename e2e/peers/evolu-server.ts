// Evolu's relay: its own storage and protocol, behind a socket server.
import { timingSafeEqual } from 'node:crypto';
import { createEvoluDriver } from './evolu-driver.ts';
import type { EvoluCommon, EvoluLocalFirst, EvoluPolyfills } from './evolu-surface.ts';
import { peerModule } from './peer-packages.ts';
import { serveSockets, type ServerSocket } from './peer-server.ts';

(await peerModule<EvoluPolyfills>('@evolu/common/polyfills')).installPolyfills();
const common = await peerModule<EvoluCommon>('@evolu/common');
const local = await peerModule<EvoluLocalFirst>('@evolu/common/local-first');

const run = common.createRun({ createSqliteDriver: await createEvoluDriver(common, process.argv[2] ?? '.'), timingSafeEqual });
const deps = { ...run.deps, sqlite: await run.orThrow(common.createSqlite(common.Name.orThrow('relay'))), timingSafeEqual };
local.createBaseSqliteStorageTables(deps);
local.createRelayStorageTables(deps);
const storage = local.createRelaySqliteStorage(deps)({ isOwnerWithinQuota: () => true });
const relay = run.create({ ...run.deps, storage });

const followers = new Map<string, Set<ServerSocket>>();
const followersOf = (owner: string): Set<ServerSocket> => {
  const known = followers.get(owner) ?? new Set();
  followers.set(owner, known);
  return known;
};

async function answer(socket: ServerSocket, message: Uint8Array): Promise<void> {
  const applied = await relay(
    local.applyProtocolMessageAsRelay(message, {
      subscribe: (owner) => void followersOf(owner).add(socket),
      unsubscribe: (owner) => void followersOf(owner).delete(socket),
      broadcast: (owner, news) => followersOf(owner).forEach((other) => other !== socket && other.send(news)),
    }),
  );
  if (applied.ok) socket.send(applied.value.message);
  else console.error(applied);
}

await serveSockets((socket) => {
  socket.on('message', (message) => void answer(socket, new Uint8Array(message)));
  socket.on('close', () => followers.forEach((sockets) => sockets.delete(socket)));
});
