import { accountOfLock, LOCK_EVENT, LOCKED_EVENT } from '@mana/shared/session/lock-link';
import { browser } from 'wxt/browser';
import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';
import { createSend } from '#app/messages.ts';

declare global {
  var manaLockLink: boolean | undefined;
}

const accountIn = (message: unknown): string | undefined =>
  typeof message === 'object' && message !== null && 'account' in message && typeof message.account === 'string'
    ? message.account
    : undefined;

/** Carries locks between the instance's pages and the worker, by the account's id; it knows no key. */
export default defineUnlistedScript(() => {
  // Registered for the pages and put into those that were open: only one of the two may speak.
  if (globalThis.manaLockLink || window.top !== window) return;
  globalThis.manaLockLink = true;
  const send = createSend((packet) => browser.runtime.sendMessage(packet));
  document.addEventListener(LOCKED_EVENT, (event) => {
    const account = accountOfLock(event);
    // A link that outlived its extension (updated, switched off) has nobody to speak to.
    if (account !== undefined) send('lockedInApp', { account }).catch(() => undefined);
  });
  browser.runtime.onMessage.addListener((message: unknown) => {
    const account = accountIn(message);
    if (account !== undefined) document.dispatchEvent(new CustomEvent(LOCK_EVENT, { detail: account }));
  });
});
