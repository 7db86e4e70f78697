import { browser } from 'wxt/browser';
import type { WorkerSession } from '#app/client/worker-session.ts';
import type { Handler } from '#app/messages.ts';
import { instancePattern } from './host-pattern.ts';
import { readInstance } from './kept-values.ts';

const linkId = 'lock-link';

const isRegistered = async (): Promise<boolean> => (await browser.scripting.getRegisteredContentScripts({ ids: [linkId] })).length > 0;

const pagesOf = (instance: string) => browser.tabs.query({ url: instancePattern(instance) });

/** Links the pages of the connected instance, those that are open too. Browsers forget it when the extension is updated: asked for again whenever a worker starts. */
export async function keepLockLink(): Promise<void> {
  const instance = await readInstance();
  if (instance === null || (await isRegistered())) return;
  const script = { id: linkId, js: ['lock-link.js'], matches: [instancePattern(instance)], runAt: 'document_start' as const };
  await browser.scripting.registerContentScripts([script]);
  for (const { id } of await pagesOf(instance))
    if (id !== undefined) await browser.scripting.executeScript({ target: { tabId: id }, files: ['/lock-link.js'] }).catch(() => undefined);
}

export async function closeLockLink(): Promise<void> {
  if (await isRegistered()) await browser.scripting.unregisterContentScripts({ ids: [linkId] });
}

/** An account was locked in the app: here too, if the page is one of the connected instance. */
export const lockedInApp =
  (session: WorkerSession): Handler<'lockedInApp'> =>
  async ({ account }, { pageUrl }) => {
    const instance = await readInstance();
    if (instance !== null && pageUrl !== undefined && new URL(pageUrl).origin === instance) await session.lock(instance, account);
    return null;
  };

/** The account was locked here: in every page of the app too. */
export const lockedHere =
  (): Handler<'lockedHere'> =>
  async ({ account }) => {
    const instance = await readInstance();
    const pages = instance === null ? [] : await pagesOf(instance);
    // A page without the link was opened before the instance was connected, and is loaded anew some day.
    for (const { id } of pages) if (id !== undefined) await browser.tabs.sendMessage(id, { account }).catch(() => undefined);
    return null;
  };
