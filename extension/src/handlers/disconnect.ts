import { browser } from 'wxt/browser';
import type { Handler } from '#app/messages.ts';
import { instancePattern } from './host-pattern.ts';
import { keepInstance, readInstance } from './kept-values.ts';

/** Forgets the instance and gives its permission back. */
export const disconnect =
  (closeLink: () => Promise<void>): Handler<'disconnect'> =>
  async () => {
    const instance = await readInstance();
    await browser.alarms.clearAll();
    await closeLink();
    await keepInstance(null);
    // A permission that the manifest itself grants cannot be given back; that is not the person's concern.
    if (instance !== null) await browser.permissions.remove({ origins: [instancePattern(instance)] }).catch(() => false);
    return null;
  };
