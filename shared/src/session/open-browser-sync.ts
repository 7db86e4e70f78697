import { createBrowserEnvironment } from '#sync/browser-environment.ts';
import { createSync } from '#sync/create-sync.ts';
import { createHttpTransport, type LiveSocket } from '#sync/http-transport.ts';
import type { Sync } from '#sync/status.ts';
import type { SyncParts } from './platform.ts';
import { silentSocket } from './silent-socket.ts';
import { openWorkerDesk, type PullWorker } from './worker-desk.ts';

/** The WebSocket with the shape that the transport uses. */
function openLiveSocket(url: string): LiveSocket {
  const socket = new WebSocket(url);
  const live: LiveSocket = {
    send: (text) => socket.send(text),
    close: () => socket.close(),
    onopen: null,
    onmessage: null,
    onclose: null,
  };
  socket.addEventListener('open', () => live.onopen?.());
  socket.addEventListener('message', (event: MessageEvent<unknown>) => live.onmessage?.(event));
  socket.addEventListener('close', () => live.onclose?.());
  return live;
}

/** Records left from which a worker is worth its start. */
const deskFromLeft = 1_000;

/** The sync of an account in a browser. With `live` false no connection is held open; a first, large download goes through a worker where there is one. */
export const openBrowserSync = (
  { baseUrl, fetch, tokens, account, name, ...parts }: SyncParts,
  { live, openPullWorker }: { readonly live: boolean; readonly openPullWorker?: (() => PullWorker) | undefined },
): Sync =>
  createSync({
    ...parts,
    ...(openPullWorker
      ? { desks: { open: () => openWorkerDesk({ ...parts, baseUrl, name }, openPullWorker()), fromLeft: deskFromLeft } }
      : {}),
    environment: createBrowserEnvironment(name),
    transport: createHttpTransport({
      baseUrl,
      fetch,
      openSocket: live ? openLiveSocket : silentSocket,
      ...(tokens ? { accessToken: () => tokens.get() } : { account }),
    }),
  });
