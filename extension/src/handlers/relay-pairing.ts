import type { Handler } from '#app/messages.ts';
import type { ExtensionPairing } from '#app/pairing/extension-pairing.ts';

export const relayPairing =
  (pairing: ExtensionPairing): Handler<'relayPairing'> =>
  ({ message }, { pageUrl }) =>
    pairing.answer(message, pageUrl);
