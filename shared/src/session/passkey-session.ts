import { err, ok, type Result } from '#base/result.ts';
import type { FailureCode } from '#wire/failures.ts';
import type { PasskeyClient } from './passkey-client.ts';
import type { PasskeyOffer, PasskeyPort, Passkeys } from './passkeys.ts';
import { refreshAccount } from './refresh-account.ts';
import type { SessionCore } from './session-core.ts';

const loadActs = () => import('./passkey-acts.ts'); // only who uses a passkey needs them

const nowhere: PasskeyOffer = { passkeys: false, autofill: false };

/** The passkeys of a session. */
export function createPasskeys(core: SessionCore, port: PasskeyPort): Passkeys {
  let asked: Promise<PasskeyOffer> | undefined;
  const change = async (act: (client: PasskeyClient) => Promise<Result<unknown, FailureCode>>): Promise<Result<void, FailureCode>> => {
    const client = await (await loadActs()).accountClientOf(core);
    const changed = client ? await act(client) : err('UNAUTHORIZED' as const);
    if (!changed.ok) return changed;
    await refreshAccount(core);
    return ok(undefined);
  };
  return {
    offer: () => (asked ??= readOffer(core, port)),
    signIn: async (how) => (await loadActs()).signInByPasskey(core, port, how),
    canUnlock: () => canUnlock(core, port),
    unlock: async () => (await loadActs()).unlockByPasskey(core, port),
    add: async () => (await loadActs()).addPasskey(core, port),
    connect: async (passkey) => (await loadActs()).connectPasskey(core, port, passkey),
    async list() {
      const client = await (await loadActs()).accountClientOf(core);
      return client ? client.list() : err('UNAUTHORIZED');
    },
    rename: (id, name) => change((client) => client.rename(id, name)),
    remove: (id) => change((client) => client.remove(id)),
    cancel: () => port.cancel(),
  };
}

/** Asks the server for which domain it takes passkeys, and the browser whether it can use them here. */
async function readOffer(core: SessionCore, port: PasskeyPort): Promise<PasskeyOffer> {
  const capability = await (await loadActs()).openClient(core).capability();
  if (!capability.ok) return nowhere;
  const { enabled, rpId, conditionalUi } = capability.value;
  await rememberDomain(core, enabled ? rpId : undefined);
  const { passkeys, autofill } = enabled ? await port.supports(rpId) : nowhere;
  return { passkeys, autofill: passkeys && autofill && conditionalUi };
}

async function canUnlock({ parts }: SessionCore, port: PasskeyPort): Promise<boolean> {
  const { current, accounts, passkeyDomain } = await parts.platform.vault.read();
  const wraps = current?.kind === 'account' ? accounts[current.id]?.account.passkeyWraps : undefined;
  if (!wraps || wraps.length === 0 || passkeyDomain === undefined) return false;
  return (await port.supports(passkeyDomain)).passkeys;
}

async function rememberDomain({ parts }: SessionCore, domain: string | undefined): Promise<void> {
  const { vault } = parts.platform;
  if ((await vault.read()).passkeyDomain === domain) return;
  await vault.update(({ passkeyDomain: _, ...state }) => (domain === undefined ? state : { ...state, passkeyDomain: domain }));
}
