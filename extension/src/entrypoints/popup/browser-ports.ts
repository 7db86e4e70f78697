import { systemClock } from '@mana/shared/base/clock';
import { browser } from 'wxt/browser';
import type { PopupPorts } from '#app/client/popup.ts';
import { keepModule, readInstance, readModule } from '#app/handlers/kept-values.ts';
import { createSend } from '#app/messages.ts';
import { instancePattern } from '#app/handlers/host-pattern.ts';

/** What the popup takes from the browser, for real. */
export function createBrowserPorts(): PopupPorts {
  return {
    clock: systemClock,
    send: createSend((packet) => browser.runtime.sendMessage(packet)),
    readInstance,
    watch(listener) {
      const changed = (changes: Record<string, unknown>): void => {
        if ('instance' in changes || 'pairing' in changes) listener();
      };
      browser.storage.onChanged.addListener(changed);
      return () => browser.storage.onChanged.removeListener(changed);
    },
    askForHost: (origin) => browser.permissions.request({ origins: [instancePattern(origin)] }),
    openPage: (url) => void browser.tabs.create({ url }).then(() => window.close()),
    openSession: async (instance) => (await import('#app/client/open-session.ts')).openPopupSession(instance),
    readModule,
    keepModule: (module) => void keepModule(module),
  };
}
