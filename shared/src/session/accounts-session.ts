import type { Accounts } from './accounts.ts';
import type { SessionCore } from './session-core.ts';

const loadActs = () => import('./accounts-acts.ts'); // asked for when the menu opens

/** The accounts of a session's device. */
export const createAccounts = (core: SessionCore): Accounts => ({
  list: async () => (await loadActs()).listAccounts(core),
  switchTo: (id) => core.serially(async () => (await loadActs()).switchTo(core, id)),
  lock: (id) => core.serially(async () => (await loadActs()).lockOne(core, id)),
  lockAll: () => core.serially(async () => (await loadActs()).lockAll(core)),
});
