import type { OpenVault } from './open-vault.ts';
import type { SessionParts } from './session-parts.ts';
import type { Migration, SessionState } from './session.ts';
import type { SpaceView } from './spaces.ts';

/** What the acts of a session share: its state, the open vault, and the order in which acts run. */
export interface SessionCore {
  readonly parts: SessionParts;
  state(): SessionState;
  become(state: SessionState): void;
  subscribe(listener: () => void): () => void;
  /** The open vault, if there is one. */
  opened(): OpenVault | undefined;
  /** The open vault of an account, if there is one. */
  openedAccount(): (OpenVault & { readonly accountId: string }) | undefined;
  migration(): Migration | null;
  moving(migration: Migration | null): void;
  /** Shared spaces of the open account. */
  spaces(): readonly SpaceView[];
  /** Whether it was read which shared spaces there are. */
  knowsSpaces(): boolean;
  showSpaces(spaces: readonly SpaceView[]): void;
  hold(vault: OpenVault): void;
  /** Closes the open vault, after those who asked for it kept what they hold; the state is the caller's to set. */
  close(): Promise<void>;
  /** Has something done before a vault is closed, while it can still be written to. */
  beforeClosing(act: () => Promise<void>): () => void;
  /** Runs an act after the ones before it: no two of them change the vault at once. */
  serially<Value>(act: () => Promise<Value>): Promise<Value>;
}

/** Makes the shared part of a session. */
export function createSessionCore(parts: SessionParts): SessionCore {
  const listeners = new Set<() => void>();
  const closingActs = new Set<() => Promise<void>>();
  let state: SessionState = { kind: 'starting' };
  let opened: OpenVault | undefined;
  let migration: Migration | null = null;
  let spaces: readonly SpaceView[] | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const tell = (): void => listeners.forEach((listener) => listener());
  return {
    parts,
    state: () => state,
    become(next) {
      state = next;
      tell();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    opened: () => opened,
    openedAccount: () => (opened && opened.accountId !== null ? { ...opened, accountId: opened.accountId } : undefined),
    migration: () => migration,
    moving(next) {
      migration = next;
      tell();
    },
    spaces: () => spaces ?? [],
    knowsSpaces: () => spaces !== undefined,
    showSpaces(next) {
      spaces = next;
      tell();
    },
    hold: (vault) => void (opened = vault),
    beforeClosing(act) {
      closingActs.add(act);
      return () => closingActs.delete(act);
    },
    async close() {
      if (opened) await Promise.allSettled([...closingActs].map((act) => act()));
      const closing = opened;
      opened = undefined;
      migration = null;
      spaces = undefined;
      await closing?.close();
    },
    serially(act) {
      const running = last.then(act);
      last = running.catch(() => undefined);
      return running;
    },
  };
}
