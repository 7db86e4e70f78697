/** Longest time that background work holds the thread before it lets events through, in milliseconds: a fifth of the 50 ms after which a page feels stuck. */
const SLICE_MS = 10;

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

/** What work in slices needs. */
export interface SliceDeps {
  readonly monotonicMs: () => number;
  readonly pause: Pause;
}

/** Begins work in slices: call the answer after each piece, and await what it gives where the slice is over. */
export function startSlices({ monotonicMs, pause }: SliceDeps): () => Promise<void> | undefined {
  let startMs = monotonicMs();
  return () => {
    if (monotonicMs() - startMs < SLICE_MS) return undefined;
    return pause().then(() => {
      startMs = monotonicMs();
    });
  };
}

/** Records sealed or opened at once: enough to keep the crypto threads busy. */
const batchSize = 128;

/** Work on many items in parallel batches, giving way to events between them. */
export async function inSlices<A, B>(items: readonly A[], work: (item: A) => Promise<B>, deps: SliceDeps): Promise<B[]> {
  const done: B[] = [];
  const breathe = startSlices(deps);
  for (let start = 0; start < items.length; start += batchSize) {
    done.push(...(await Promise.all(items.slice(start, start + batchSize).map(work))));
    if (start + batchSize < items.length) await breathe();
  }
  return done;
}
