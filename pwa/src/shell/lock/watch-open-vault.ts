import type { Session } from '@mana/shared/session/session';
import { startAutoLock, type AutoLockDeps } from './auto-lock.ts';
import { linkExtension } from './extension-link.ts';

/** What is done about locking while an account is open. */
export interface VaultWatch {
  /** The choice of the lock may have changed. */
  reread(): Promise<void>;
  /** The account was closed; with `locked` the extension hears of it. */
  stop(locked: boolean): Promise<void>;
}

export function watchOpenVault(session: Session, deps: Omit<AutoLockDeps, 'locks'>): VaultWatch {
  const auto = startAutoLock({ ...deps, locks: session.locks });
  const link = linkExtension(session.accounts);
  return {
    reread: auto.reread,
    async stop(locked) {
      auto.stop();
      link.stop();
      if (locked) await link.tellLocked();
    },
  };
}
