import type { SessionCore } from './session-core.ts';
import type { Spaces } from './spaces.ts';

const loadActs = () => import('./space-acts.ts');

/** The shared spaces of a session's account; what acts on them is fetched when it is used. */
export const createSpaces = (core: SessionCore): Spaces => ({
  list: () => core.spaces(),
  make: async (input) => (await loadActs()).makeSpace(core, input),
  invite: async (input) => (await loadActs()).invite(core, input),
  withdraw: async (invitation) => (await loadActs()).withdraw(core, invitation),
  look: async (link) => (await loadActs()).look(core, link),
  accept: async (link) => (await loadActs()).accept(core, link),
  change: async (input) => (await loadActs()).changeMember(core, input),
  remove: async (input) => (await loadActs()).removeMember(core, input),
  leave: async (space) => (await loadActs()).leave(core, space),
  rotate: async (space) => (await loadActs()).rotate(core, space),
  safetyNumber: async (space, account) => (await loadActs()).safetyNumberWith(core, space, account),
  confirmIdentity: async (space) => (await loadActs()).confirmIdentity(core, space),
});
