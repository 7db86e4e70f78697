/** Longest time that background work holds the thread before it lets events through, in milliseconds: a fifth of the 50 ms after which a page feels stuck. */
export const SLICE_MS = 10;

/** Lets waiting events run, then goes on. */
export type Pause = () => Promise<void>;

/** Gives way through a message: a timer would wait at least 4 ms. */
export const pauseForEvents: Pause = () =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
