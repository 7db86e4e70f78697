import { err } from '#base/result.ts';
import type { PasskeyPort, Passkeys } from './passkeys.ts';
import type { SessionCore } from './session-core.ts';

/**
 * The passkeys of a session, fetched when somebody asks for them. Where the platform has none, or they cannot be fetched,
 * nothing is offered and everything fails.
 */
export function createLazyPasskeys(core: SessionCore): Passkeys {
  const { loadPasskeys } = core.parts.platform;
  let loading: Promise<Passkeys | undefined> | undefined;
  let held: Passkeys | undefined;
  async function load(from: () => Promise<PasskeyPort>): Promise<Passkeys | undefined> {
    try {
      const [{ createPasskeys }, port] = await Promise.all([import('./passkey-session.ts'), from()]);
      return (held = createPasskeys(core, port));
    } catch {
      loading = undefined;
      return undefined;
    }
  }
  const get = async (): Promise<Passkeys | undefined> => (loadPasskeys ? (loading ??= load(loadPasskeys)) : undefined);
  const refused = err(loadPasskeys ? ('SERVICE_UNAVAILABLE' as const) : ('PASSKEY_NOT_ENABLED' as const));
  return {
    offer: async () => (await get())?.offer() ?? { passkeys: false, autofill: false },
    signIn: async (how) => (await get())?.signIn(how) ?? refused,
    canUnlock: async () => (await get())?.canUnlock() ?? false,
    unlock: async () => (await get())?.unlock() ?? refused,
    add: async () => (await get())?.add() ?? refused,
    connect: async (passkey) => (await get())?.connect(passkey) ?? refused,
    list: async () => (await get())?.list() ?? refused,
    rename: async (id, name) => (await get())?.rename(id, name) ?? refused,
    remove: async (id) => (await get())?.remove(id) ?? refused,
    cancel: () => held?.cancel(),
  };
}
