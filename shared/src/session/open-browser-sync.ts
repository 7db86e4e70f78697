import { createBrowserEnvironment } from '#sync/browser-environment.ts';
import { createSync } from '#sync/create-sync.ts';
import { createHttpTransport, type LiveSocket } from '#sync/http-transport.ts';
import type { Sync } from '#sync/status.ts';
import type { SyncParts } from './platform.ts';

/** A connection that never opens. */
const silentSocket = (): LiveSocket => ({
  send: () => undefined,
  close: () => undefined,
  onopen: null,
  onmessage: null,
  onclose: null,
});

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

/** The sync of an account in a browser. With `live` false no connection is held open. */
export const openBrowserSync = ({ baseUrl, fetch, tokens, name, ...parts }: SyncParts, live: boolean): Sync =>
  createSync({
    ...parts,
    environment: createBrowserEnvironment(name),
    transport: createHttpTransport({
      baseUrl,
      fetch,
      openSocket: live ? openLiveSocket : silentSocket,
      accessToken: tokens && (() => tokens.get()),
    }),
  });
