import { newId } from '@mana/shared/base/ids';
import { LIVE_HELLO_TIMEOUT_MS } from '@mana/shared/wire/limits';
import { liveHelloSchema, type LiveHello, type LiveMessage } from '@mana/shared/wire/sync';
import type { ServerWebSocket, WebSocketHandler } from 'bun';
import { safeParse } from 'zod/v4/core';
import { authenticateToken, createAuthenticate } from '../account/sessions.service.ts';
import type { Deps } from '../deps.ts';
import type { LiveListener } from './live-seats.ts';

/** What a socket carries: the request that opened it, and later who listens. */
export interface LiveSocketState {
  readonly upgrade: Request;
  readonly id: string;
  helloTimer: ReturnType<typeof setTimeout> | undefined;
  isGreeted: boolean;
  listener?: LiveListener;
}

type Socket = ServerWebSocket<LiveSocketState>;
type SocketDeps = Deps & { readonly authenticate: ReturnType<typeof createAuthenticate> };

// Private close codes begin at 4000; a client that is told `session` before reads its session again.
const closeCodes = { stopped: 4000, malformed: 4400, unauthorized: 4401, silent: 4408, failed: 4503 };

const maxHelloBytes = 8_192;
const backpressureBytes = 1_048_576; // a client this far behind is cut off and pulls when it comes back

export const newSocketState = (deps: Deps, upgrade: Request): LiveSocketState => ({
  upgrade,
  id: newId(deps),
  helloTimer: undefined,
  isGreeted: false,
});

/** The live socket: one hello, then only the server speaks. */
export function liveSocket(deps: Deps): WebSocketHandler<LiveSocketState> {
  // Made once: who comes at the same time is looked up at the same time.
  const socketDeps = { ...deps, authenticate: createAuthenticate(deps) };
  return {
    maxPayloadLength: maxHelloBytes,
    backpressureLimit: backpressureBytes,
    closeOnBackpressureLimit: true,
    open: (socket) => {
      socket.data.helloTimer = setTimeout(() => socket.close(closeCodes.silent), LIVE_HELLO_TIMEOUT_MS);
    },
    message: async (socket, message) => {
      clearTimeout(socket.data.helloTimer);
      const hello = socket.data.isGreeted ? undefined : parseHello(message);
      socket.data.isGreeted = true;
      if (!hello) return socket.close(closeCodes.malformed);
      await greet(socketDeps, socket, hello).catch(() => {
        deps.trouble.note();
        deps.log('error', 'live', { socket: socket.data.id, code: 'SERVICE_UNAVAILABLE' });
        socket.close(closeCodes.failed);
      });
    },
    close: (socket) => {
      clearTimeout(socket.data.helloTimer);
      if (socket.data.listener) deps.live.leave(socket.data.listener);
    },
  };
}

function parseHello(message: string | Buffer): LiveHello | undefined {
  try {
    const parsed = safeParse(liveHelloSchema, JSON.parse(String(message)));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

async function greet(deps: SocketDeps, socket: Socket, hello: LiveHello): Promise<void> {
  const caller = await callerOf(deps, socket.data.upgrade, hello);
  if (!caller) {
    send(socket, { type: 'session' });
    return socket.close(closeCodes.unauthorized);
  }
  const { generation } = deps.serverTime;
  const now = await deps.serverTime.now();
  if (socket.readyState !== WebSocket.OPEN) return;
  const listener: LiveListener = {
    ...caller,
    device: hello.device,
    ready: (standing) => send(socket, { type: 'ready', generation, spaces: Object.fromEntries(standing), now }),
    send: (text) => socket.send(text),
    close: () => socket.close(closeCodes.stopped),
  };
  socket.data.listener = listener;
  await deps.live.join(listener);
}

async function callerOf(deps: SocketDeps, upgrade: Request, hello: LiveHello) {
  if (hello.token !== undefined) {
    const caller = await authenticateToken(deps, hello.token);
    return caller.ok ? caller.value : undefined;
  }
  const authenticated = await deps.authenticate(upgrade, hello.account);
  return authenticated.ok ? authenticated.value.caller : undefined;
}

const send = (socket: Socket, message: LiveMessage): void => {
  socket.send(JSON.stringify(message));
};
