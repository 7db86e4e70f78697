import { runPullWorker } from '@mana/shared/session/pull-worker';
import { browserFetch } from './browser-fetch.ts';

runPullWorker(globalThis, browserFetch);
