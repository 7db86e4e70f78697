import type { Locks } from './locks.ts';
import type { SessionCore } from './session-core.ts';

const loadActs = () => import('./lock-acts.ts'); // asked for after the first screen stands

/** The locks of a session. */
export const createLocks = (core: SessionCore): Locks => ({
  view: async () => (await loadActs()).viewLocks(core),
  choose: (choice) => core.serially(async () => (await loadActs()).chooseLock(core, choice)),
  setPin: (pin) => core.serially(async () => (await loadActs()).setPin(core, pin)),
  removePin: () => core.serially(async () => (await loadActs()).removePin(core)),
  unlockByPin: (pin) => core.serially(async () => (await loadActs()).unlockByPin(core, pin)),
  noteUse: async (atMs) => (await loadActs()).noteUse(core, atMs),
  lockIfDue: () => core.serially(async () => (await loadActs()).lockIfDue(core)),
});
