import type { SessionCore } from './session-core.ts';

const load = async () => {
  try {
    return await import('./refresh-account.ts');
  } catch {
    return undefined; // not to be had without a network: what is known stays
  }
};

/** Reads the session again, with what that needs fetched first: a guest begins without. */
export const refreshAccount = async (core: SessionCore): Promise<void> => (await load())?.refreshAccount(core);

/** Reads the shared spaces, where there are any or were. */
export const followShared = async (core: SessionCore): Promise<void> => (await load())?.followShared(core);

/** Ends the sessions of accounts that signed out here without a network, where there are any. */
export async function endWaiting(core: SessionCore): Promise<void> {
  if (!(await core.parts.platform.vault.read()).endings?.length) return;
  const endings = await import('./endings.ts').catch(() => undefined);
  await endings?.endSessions(core);
}
