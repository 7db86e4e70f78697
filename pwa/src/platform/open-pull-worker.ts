/** The worker that reads a first, large download; it is fetched when that begins. */
export const openPullWorker = (): Worker => new Worker(new URL('./pull-worker.ts', import.meta.url), { type: 'module' });
