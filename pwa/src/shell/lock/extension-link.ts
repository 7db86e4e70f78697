import type { Accounts } from '@mana/shared/session/accounts';
import { accountOfLock, LOCK_EVENT, LOCKED_EVENT } from '@mana/shared/session/lock-link';

/** The way to an extension that is connected to an account of this browser; see `[Note: lock link]`. */
export interface ExtensionLink {
  /** Tells of every account that is locked here. */
  tellLocked(): Promise<void>;
  stop(): void;
}

export function linkExtension(accounts: Accounts): ExtensionLink {
  const lock = (event: Event): void => {
    const id = accountOfLock(event);
    if (id !== undefined) void accounts.lock(id);
  };
  document.addEventListener(LOCK_EVENT, lock);
  return {
    async tellLocked() {
      for (const { account, isOpen } of await accounts.list())
        if (!isOpen) document.dispatchEvent(new CustomEvent(LOCKED_EVENT, { detail: account.id }));
    },
    stop: () => document.removeEventListener(LOCK_EVENT, lock),
  };
}
