import { createBroadcastTabChannel } from '#store/tab-channel.ts';
import { deleteDexieDatabase, openDexieStorage } from '#store/dexie-storage.ts';
import { createBrowserEnvironment } from '#sync/browser-environment.ts';
import { createSync } from '#sync/create-sync.ts';
import { createHttpTransport, type LiveSocket } from '#sync/http-transport.ts';
import { openDeviceVault } from './device-vault.ts';
import type { DeviceLine, SessionPlatform } from './platform.ts';

/** Name of the database with the device's keys, and of the line on which its tabs speak. */
const deviceName = 'mana-device';

function createDeviceLine(): DeviceLine {
  const channel = new BroadcastChannel(deviceName);
  return {
    post: () => channel.postMessage(null),
    listen: (listener) => channel.addEventListener('message', () => listener()),
  };
}

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

/** What a session takes from a browser, in pages and in workers. With `live` false no connection is held open: for a worker that comes and goes. */
export function createBrowserPlatform({ live = true }: { live?: boolean } = {}): SessionPlatform {
  return {
    vault: openDeviceVault(deviceName),
    line: createDeviceLine(),
    exclusive: (name, work) => navigator.locks.request(name, work),
    openStorage: openDexieStorage,
    deleteStorage: deleteDexieDatabase,
    openTabs: createBroadcastTabChannel,
    openSync: ({ store, keyring, baseUrl, fetch, clock, random, tokens, name, warn }) =>
      createSync({
        store,
        keyring,
        clock,
        random,
        warn,
        environment: createBrowserEnvironment(name),
        transport: createHttpTransport({
          baseUrl,
          fetch,
          openSocket: live ? openLiveSocket : silentSocket,
          accessToken: tokens && (() => tokens.get()),
        }),
      }),
  };
}
