import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { root } from '../server/mana-server.ts';

/** A socket as the server of a peer sees it. */
export interface ServerSocket {
  send(message: string | Uint8Array): void;
  on(event: 'message', listener: (message: Uint8Array, isBinary: boolean) => void): void;
  on(event: 'close', listener: () => void): void;
}

interface SocketServer {
  address(): AddressInfo;
  on(event: 'connection', listener: (socket: ServerSocket) => void): void;
  on(event: 'listening', listener: () => void): void;
}

type Ws = { WebSocketServer: new (options: { port: number; host: string; maxPayload: number }) => SocketServer };

const maxPayload = 100_000_000;

/** Listens on a free port of this machine and tells the parent which one. */
export async function serveSockets(onSocket: (socket: ServerSocket) => void): Promise<void> {
  // Bun has a `ws` of its own and takes it wherever this name is asked for.
  const name = 'ws';
  const { WebSocketServer } = (await import(name)) as Ws;
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', maxPayload });
  server.on('connection', onSocket);
  server.on('listening', () => console.log(server.address().port));
}

/** Runs a server of a peer in a process of its own, with a folder of its own that it gets named. */
export async function startPeerServer(program: string): Promise<{ url: string; close: () => Promise<void> }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'sync-peer-'));
  const path = join(dirname(fileURLToPath(import.meta.url)), program);
  const child = spawn(join(root, 'node_modules/.bin/bun'), [path, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const failed = ended.then(() => Promise.reject(new Error(`${program} does not start`)));
  failed.catch(() => undefined);
  const [port] = (await Promise.race([once(createInterface(child.stdout), 'line'), failed])) as [string];
  return {
    url: `ws://127.0.0.1:${Number(port)}`,
    async close() {
      child.kill('SIGKILL');
      await ended;
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
