import { browser } from 'wxt/browser';
import { PAIRING_PATH } from '#app/pairing/extension-pairing.ts';
import { instancePattern } from './host-pattern.ts';

const relayId = 'pairing-relay';

/** Registers the relay for the instance's page and brings that page to the front. */
export async function openPairingPage(origin: string): Promise<void> {
  await closeRelay();
  const matches = [instancePattern(origin).replace(/\/\*$/, `${PAIRING_PATH}*`)];
  await browser.scripting.registerContentScripts([{ id: relayId, js: ['relay.js'], matches, runAt: 'document_start' }]);
  const tabs = await browser.tabs.query({ url: matches });
  const open = tabs.find(({ url }) => url !== undefined && new URL(url).origin === origin);
  if (open?.id === undefined) {
    await browser.tabs.create({ url: `${origin}${PAIRING_PATH}` });
    return;
  }
  await browser.scripting.executeScript({ target: { tabId: open.id }, files: ['/relay.js'] });
  await browser.tabs.update(open.id, { active: true });
}

/** Takes the relay away: no page of the instance is listened to outside a pairing. */
export async function closeRelay(): Promise<void> {
  const registered = await browser.scripting.getRegisteredContentScripts({ ids: [relayId] });
  if (registered.length > 0) await browser.scripting.unregisterContentScripts({ ids: [relayId] });
}
