import type { Handler } from '#app/messages.ts';
import type { ExtensionPairing } from '#app/pairing/extension-pairing.ts';
import { closeRelay } from './open-pairing-page.ts';

export const cancelPairing =
  (pairing: ExtensionPairing): Handler<'cancelPairing'> =>
  async () => {
    await pairing.cancel();
    await closeRelay();
    return null;
  };
