import { browser } from 'wxt/browser';
import type { WorkerSession } from '#app/client/worker-session.ts';
import type { Handler } from '#app/messages.ts';
import { readInstance } from './kept-values.ts';

/** The alarm that fires although worker and popup have died. */
export const soonAlarm = 'send-soon';
const regularAlarm = 'exchange';

/** Shortest delay that browsers grant an alarm. */
const soonMinutes = 0.5;
/** What could not be sent is tried again this often, until it is. */
const againMinutes = 5;
const regularMinutes = 15;

/** Browsers forget alarms when they are restarted or the extension is updated: asked for again whenever a worker starts. */
export async function keepRegularExchange(): Promise<void> {
  const known = await browser.alarms.get(regularAlarm);
  if (known === undefined && (await readInstance()) !== null)
    await browser.alarms.create(regularAlarm, { periodInMinutes: regularMinutes });
}

/** Sends and fetches what waits; the soon alarm goes when nothing is left to send. */
export async function exchange(session: WorkerSession): Promise<void> {
  const instance = await readInstance();
  if (instance !== null && (await session.exchange(instance))) await browser.alarms.clear(soonAlarm);
}

export const sendWritten =
  (session: WorkerSession): Handler<'sendWritten'> =>
  async ({ now }) => {
    await browser.alarms.create(soonAlarm, { delayInMinutes: soonMinutes, periodInMinutes: againMinutes });
    if (now) await exchange(session);
    return null;
  };
