import { connect } from 'node:net';

const pollMs = 100;

/** Whether somebody listens at a port of this machine, by IPv4 or IPv6. */
export const isPortBusy = async (port) => (await Promise.all(['127.0.0.1', '::1'].map((host) => answers(host, port)))).includes(true);

const answers = (host, port) =>
  new Promise((resolve) => {
    const socket = connect({ host, port });
    const close = (busy) => {
      socket.destroy();
      resolve(busy);
    };
    socket.once('connect', () => close(true));
    socket.once('error', () => close(false));
  });

/** Waits until an address answers 200, or until `ended` resolves; true when it answered. */
export async function untilReady(address, ended) {
  let over = false;
  void ended.then(() => (over = true));
  while (!over) {
    const response = await fetch(address).catch(() => undefined);
    if (response?.ok) return true;
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  return false;
}
