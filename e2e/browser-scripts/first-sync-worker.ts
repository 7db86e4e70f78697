import { runPullWorker } from '@mana/shared/session/pull-worker';

runPullWorker(globalThis, (url, init) => fetch(url, init));
