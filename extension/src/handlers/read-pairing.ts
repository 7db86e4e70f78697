import type { Handler } from '#app/messages.ts';
import type { ExtensionPairing } from '#app/pairing/extension-pairing.ts';

export const readPairing =
  (pairing: ExtensionPairing): Handler<'readPairing'> =>
  () =>
    pairing.view();
