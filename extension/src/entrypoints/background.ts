import { systemClock } from '@mana/shared/base/clock';
import { systemRandom } from '@mana/shared/base/random';
import { newPairingKeyPair } from '@mana/shared/session/pairing-payload';
import { browser } from 'wxt/browser';
import { defineBackground } from 'wxt/utils/define-background';
import { openWorkerSession } from '#app/client/open-session.ts';
import { createWorkerSession } from '#app/client/worker-session.ts';
import { cancelPairing } from '#app/handlers/cancel-pairing.ts';
import { closeLockLink, keepLockLink, lockedHere, lockedInApp } from '#app/handlers/lock-link.ts';
import { disconnect } from '#app/handlers/disconnect.ts';
import { keepInstance, pairingProgress } from '#app/handlers/kept-values.ts';
import { closeRelay, openPairingPage } from '#app/handlers/open-pairing-page.ts';
import { readPairing } from '#app/handlers/read-pairing.ts';
import { relayPairing } from '#app/handlers/relay-pairing.ts';
import { requestPairing } from '#app/handlers/request-pairing.ts';
import { exchange, keepRegularExchange, sendWritten } from '#app/handlers/send-written.ts';
import { dispatch, type Handlers } from '#app/messages.ts';
import { createExtensionPairing } from '#app/pairing/extension-pairing.ts';

// No module: a service worker cannot load parts later, so all of it is in one file.
export default defineBackground(() => {
  const session = createWorkerSession({
    openSession: openWorkerSession,
    wait: (delayMs) => new Promise((resolve) => setTimeout(resolve, delayMs)),
  });
  const pairing = createExtensionPairing({
    clock: systemClock,
    random: systemRandom,
    keys: {
      newKeyPair: () => newPairingKeyPair(systemRandom),
      accept: ({ origin, ...sealed }) => session.accept(origin, sealed),
    },
    progress: pairingProgress,
    // Where the browser does not open it by itself, the page tells the person to click the icon.
    codeShown: () => browser.action.openPopup().catch(() => undefined),
    async connected(origin) {
      await keepInstance(origin);
      await closeRelay();
      await keepRegularExchange();
      await keepLockLink();
    },
  });
  const handlers: Handlers = {
    requestPairing: requestPairing(pairing),
    readPairing: readPairing(pairing),
    cancelPairing: cancelPairing(pairing),
    relayPairing: relayPairing(pairing),
    sendWritten: sendWritten(session),
    lockedInApp: lockedInApp(session),
    lockedHere: lockedHere(),
    disconnect: disconnect(closeLockLink),
  };
  browser.runtime.onMessage.addListener((packet: unknown, { id, tab, url, frameId }, respond: (reply: unknown) => void) => {
    const own = url !== undefined && new URL(url).origin === location.origin;
    const pageUrl = tab !== undefined && frameId === 0 ? url : undefined;
    const reply = id === browser.runtime.id ? dispatch(handlers, packet, { own, pageUrl }) : undefined;
    void reply?.then(respond);
    return reply !== undefined;
  });
  browser.permissions.onAdded.addListener(async () => {
    const expected = await pairing.view();
    if (expected !== null) await openPairingPage(expected.origin);
  });
  // Without a listener the worker is not started with the browser, and nothing would set the alarm again.
  browser.runtime.onStartup.addListener(() => void exchange(session));
  void keepRegularExchange();
  void keepLockLink();
  browser.alarms.onAlarm.addListener(() => void exchange(session));
});
