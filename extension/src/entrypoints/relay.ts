import { PAIRING_CHANNEL } from '@mana/shared/session/pairing-channel';
import { browser } from 'wxt/browser';
import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';
import { createSend } from '#app/messages.ts';

declare global {
  var manaRelay: boolean | undefined;
}

const isFromPage = (message: unknown): boolean =>
  typeof message === 'object' &&
  message !== null &&
  'channel' in message &&
  message.channel === PAIRING_CHANNEL &&
  'from' in message &&
  message.from === 'page';

/** Carries messages between the instance's page and the worker; it keeps nothing and knows no key. */
export default defineUnlistedScript(() => {
  // Registered for the page and put into one that was open: only one of the two may answer.
  if (globalThis.manaRelay || window.top !== window) return;
  globalThis.manaRelay = true;
  const send = createSend((packet) => browser.runtime.sendMessage(packet));
  const { origin } = window.location;
  window.addEventListener('message', (event: MessageEvent<unknown>) => {
    if (event.source !== window || event.origin !== origin || !isFromPage(event.data)) return;
    // A relay that outlived its extension (updated, switched off) has nobody to speak to.
    send('relayPairing', { message: event.data }).then(
      (reply) => reply !== null && window.postMessage(reply, origin),
      () => undefined,
    );
  });
  window.postMessage({ channel: PAIRING_CHANNEL, from: 'extension', kind: 'here' }, origin);
});
