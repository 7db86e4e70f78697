import type { AccountCare } from './account-care.ts';
import type { SessionCore } from './session-core.ts';

const loadActs = () => import('./password-acts.ts');

/** The care of a session's account; fetched when it is used. */
export const caring = (core: SessionCore): AccountCare => ({
  changePassword: (input) => core.serially(async () => (await loadActs()).changePassword(core, input)),
  recover: (input) => core.serially(async () => (await loadActs()).recover(core, input)),
  loseDevice: async (sessions) => (await import('./lose-device.ts')).loseDevice(core, sessions),
  proveKey: (purpose) => core.serially(async () => (await loadActs()).proveKey(core, purpose)),
});
