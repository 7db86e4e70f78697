import { paths } from '@mana/shared/wire/endpoints';
import { MAX_BODY_BYTES } from '@mana/shared/wire/limits';
import type { App } from '../app.ts';
import type { Deps } from '../deps.ts';
import { liveSocket, newSocketState, type LiveSocketState } from '../sync/live-socket.ts';
import { clientAddressOf, readProxies } from './client-address.ts';
import { rememberPeer } from './network.ts';
import { isSocketOrigin } from './origin.ts';

const idleTimeoutSec = 30; // a silent connection is closed; the live socket has its own pings
const stopTimeoutMs = 8_000; // a graceful stop is over within 10 s, database included

export interface Listener {
  readonly url: URL;
  /** Takes no new work, tells sockets to reconnect, lets running requests end, then cuts off what is left. */
  stop(): Promise<void>;
}

/** Serves the app and the live socket on the configured address. */
export function listen(deps: Deps, app: App): Listener {
  const isProxy = readProxies(deps.config.trustedProxies) ?? (() => false);
  const server = Bun.serve<LiveSocketState>({
    port: deps.config.port,
    hostname: deps.config.host,
    idleTimeout: idleTimeoutSec,
    // Above the limit of a JSON body, so that the refusal of one too large is a problem body of ours.
    maxRequestBodySize: 2 * MAX_BODY_BYTES,
    fetch: (request, bun) => {
      const peer = bun.requestIP(request)?.address;
      if (peer) rememberPeer(request, clientAddressOf(isProxy, peer, request.headers.get('x-forwarded-for')));
      const path = new URL(request.url).pathname.replace(/\/$/, '');
      if (path !== paths.live || request.headers.get('upgrade')?.toLowerCase() !== 'websocket') return app.handle(request);
      if (!isSocketOrigin(deps.config, request.headers.get('origin'))) return new Response(null, { status: 403 });
      if (bun.upgrade(request, { data: newSocketState(deps, request) })) return undefined;
      return new Response(null, { status: 400 });
    },
    websocket: liveSocket(deps),
  });
  return {
    url: server.url,
    stop: async () => {
      deps.live.stop();
      const cutOff = setTimeout(() => void server.stop(true), stopTimeoutMs);
      await server.stop();
      clearTimeout(cutOff);
    },
  };
}
