import type { SessionCore } from './session-core.ts';
import type { Spaces } from './spaces.ts';

const loadActs = () => import('./space-acts.ts');
const loadIdentities = () => import('./space-identities.ts');

/** The shared spaces of a session's account; what acts on them is fetched when it is used. */
export const createSpaces = (core: SessionCore): Spaces => ({
  list: () => core.spaces(),
  known: () => core.openedAccount() === undefined || core.knowsSpaces(),
  make: async (input) => (await loadActs()).makeSpace(core, input),
  invite: async (input) => (await loadActs()).invite(core, input),
  withdraw: async (invitation) => (await loadActs()).withdraw(core, invitation),
  look: async (link) => (await loadActs()).look(core, link),
  accept: async (link) => (await loadActs()).accept(core, link),
  change: async (input) => (await loadActs()).changeMember(core, input),
  remove: async (input) => (await loadActs()).removeMember(core, input),
  leave: async (space) => (await loadActs()).leave(core, space),
  handOver: async (input) => (await loadActs()).handOver(core, input),
  delete: async (space) => (await loadActs()).deleteSpace(core, space),
  rotate: async (space) => (await loadActs()).rotate(core, space),
  safetyNumber: async (space, account) => (await loadIdentities()).safetyNumberWith(core, space, account),
  changedIdentities: async (space) => (await loadIdentities()).changedIdentities(core, space),
  confirm: async (fingerprintsB64) => (await loadIdentities()).confirm(core, fingerprintsB64),
});
