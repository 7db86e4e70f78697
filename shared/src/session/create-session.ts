import type { Clock } from '#base/clock.ts';
import type { Random } from '#base/random.ts';
import { err } from '#base/result.ts';
import type { SealedTo } from '#crypto/hpke.ts';
import type { Table } from '#modules/define-module.ts';
import type { AccessTokenDeps, AccessTokens } from './access-tokens.ts';
import { caring } from './care.ts';
import { createLazyAccountClient } from './lazy-account-client.ts';
import type { Fetch } from './api-call.ts';
import { followDevice, lock, signOut, startGuest } from './device-acts.ts';
import type { PairingOutcome } from './key-acts.ts';
import { createLazyPasskeys } from './lazy-passkeys.ts';
import { createAccounts } from './accounts-session.ts';
import { createLocks } from './lock-session.ts';
import { createSpaces } from './space-session.ts';
import type { SessionPlatform } from './platform.ts';
import { endWaiting, refreshAccount } from './refresh-later.ts';
import { createSessionCore, type SessionCore } from './session-core.ts';
import { showDevice } from './show-device.ts';
import type { Session } from './session.ts';

/** What a session needs; in a browser `platform` is `createBrowserPlatform()`. */
export interface SessionDeps {
  /** Origin of the server without a slash at its end; empty for the page's own. */
  readonly baseUrl: string;
  readonly client: 'web' | 'extension';
  readonly clock: Clock;
  readonly random: Random;
  readonly fetch: Fetch;
  readonly tables: readonly Table[];
  readonly platform: SessionPlatform;
  /** `createAccessTokens` in a client without a cookie. */
  readonly openTokens?: (deps: AccessTokenDeps) => AccessTokens;
  readonly warn?: (code: string) => void;
}

/** A session of the extension: it is connected by the app instead of by a password. */
export interface ExtensionSession extends Session {
  /** Opens what the app sealed to the key pair of `newPairingKeyPair` and takes over its account. */
  acceptPairing(input: SealedTo & { readonly privateB64: string }): Promise<PairingOutcome>;
  /** Ends this session's part: closes store and sync and forgets the keys in memory. The device stays as it is; others go on. */
  close(): Promise<void>;
}

/** Makes the session of this tab, popup or worker; `start` reads the device. */
export function createSession(deps: SessionDeps): ExtensionSession {
  const { baseUrl, client, fetch, warn = () => undefined } = deps;
  const api = createLazyAccountClient({ baseUrl, fetch, cookies: client === 'web' });
  const core: SessionCore = createSessionCore({ openTokens: undefined, ...deps, api, warn, refreshKeys: () => refreshAccount(core) });
  deps.platform.line.listen(() => void core.serially(() => orUnavailable(core, () => followDevice(core))));
  return {
    ...viewing(core),
    ...entering(core),
    ...caring(core),
    ...presenting(core),
    ...withKeys(core, deps.random),
    passkeys: createLazyPasskeys(core),
    spaces: createSpaces(core),
    locks: createLocks(core),
    accounts: createAccounts(core),
  };
}

/** What only an account needs is fetched when it is used: a guest begins without. Locking and leaving need nothing fetched. */
const loadAccountActs = () => import('./account-acts.ts');
const loadProfileActs = () => import('./profile-acts.ts');
const loadKeyActs = () => import('./key-acts.ts');

/** A browser that keeps nothing (storage switched off) cannot hold a vault: that is a state to show. */
async function orUnavailable(core: SessionCore, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    core.parts.warn('DEVICE_VAULT_UNAVAILABLE');
    core.become({ kind: 'failed', code: 'DATABASE_UNAVAILABLE' });
  }
}

const viewing = (
  core: SessionCore,
): Pick<Session, 'state' | 'subscribe' | 'beforeClosing' | 'start' | 'startGuest' | 'migration' | 'refresh'> => ({
  state: () => core.state(),
  subscribe: (listener) => core.subscribe(listener),
  beforeClosing: (act) => core.beforeClosing(act),
  async start() {
    await core.serially(() => orUnavailable(core, () => (core.opened() ? Promise.resolve() : showDevice(core))));
    if (core.state().kind !== 'failed') void endWaiting(core);
  },
  startGuest: () => core.serially(() => orUnavailable(core, () => startGuest(core))),
  migration: () => core.migration(),
  refresh: async () => {
    await endWaiting(core);
    await refreshAccount(core);
  },
});

const entering = (core: SessionCore): Pick<Session, 'signUp' | 'signIn' | 'signOut' | 'lock' | 'unlock'> => ({
  signUp: (input) => core.serially(async () => (await loadAccountActs()).signUp(core, input)),
  signIn: (input) => core.serially(async () => (await loadAccountActs()).signIn(core, input)),
  signOut: (options) => core.serially(() => signOut(core, options?.forget ?? false)),
  lock: () => core.serially(() => lock(core)),
  unlock: (password, code) => core.serially(async () => (await loadAccountActs()).unlock(core, password, code)),
});

const presenting = (core: SessionCore): Pick<Session, 'changeProfile' | 'finishOnboarding'> => ({
  changeProfile: async (patch) => (await loadProfileActs()).changeProfile(core, patch),
  finishOnboarding: async () => (await loadProfileActs()).finishOnboarding(core),
});

function withKeys(
  core: SessionCore,
  random: Random,
): Pick<ExtensionSession, 'newRecoveryCode' | 'confirmRecoveryCode' | 'pairExtension' | 'acceptPairing' | 'close'> {
  let shown: readonly string[] = [];
  return {
    async newRecoveryCode() {
      const { makeRecoveryCode } = await import('#crypto/recovery-code.ts'); // with the list of its words
      return (shown = makeRecoveryCode(random));
    },
    async confirmRecoveryCode(words) {
      const typed = words.map((word) => word.trim().toLowerCase());
      if (shown.length === 0 || typed.join(' ') !== shown.join(' ')) return err('VALIDATION');
      const stored = await core.serially(async () => (await loadKeyActs()).storeRecoveryCode(core, typed));
      if (stored.ok) shown = [];
      return stored;
    },
    pairExtension: (extensionPublicB64) => core.serially(async () => (await loadKeyActs()).pairExtension(core, extensionPublicB64)),
    acceptPairing: (input) => core.serially(async () => (await loadKeyActs()).acceptPairing(core, input)),
    close: () =>
      core.serially(async () => {
        await core.close();
        // `starting` hears nothing of the device: a closed session must not open again by itself.
        core.become({ kind: 'starting' });
      }),
  };
}
