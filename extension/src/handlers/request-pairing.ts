import { browser } from 'wxt/browser';
import type { Handler } from '#app/messages.ts';
import type { ExtensionPairing } from '#app/pairing/extension-pairing.ts';
import { instancePattern } from './host-pattern.ts';
import { openPairingPage } from './open-pairing-page.ts';

/** With the host granted already the page opens at once, else when the person allows it (`permissions.onAdded`). */
export const requestPairing =
  (pairing: ExtensionPairing): Handler<'requestPairing'> =>
  async ({ origin }) => {
    await pairing.expect(origin);
    if (await browser.permissions.contains({ origins: [instancePattern(origin)] })) await openPairingPage(origin);
    return null;
  };
