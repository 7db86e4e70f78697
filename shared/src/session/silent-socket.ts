import type { LiveSocket } from '#sync/http-transport.ts';

/** A connection that never opens. */
export const silentSocket = (): LiveSocket => ({
  send: () => undefined,
  close: () => undefined,
  onopen: null,
  onmessage: null,
  onclose: null,
});
