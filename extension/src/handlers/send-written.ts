import { browser } from 'wxt/browser';
import type { WorkerSession } from '#app/client/worker-session.ts';
import type { Handler } from '#app/messages.ts';
import { readInstance } from './kept-values.ts';

/** The alarm that fires although worker and popup have died. */
export const soonAlarm = 'send-soon';
export const regularAlarm = 'exchange';

/** Shortest delay that browsers grant an alarm. */
const soonMinutes = 0.5;
const regularMinutes = 15;

export const startRegularExchange = (): Promise<void> => browser.alarms.create(regularAlarm, { periodInMinutes: regularMinutes });

/** Sends and fetches what waits; what could not be sent is tried by the regular alarm again. */
export async function exchange(session: WorkerSession): Promise<void> {
  const instance = await readInstance();
  if (instance !== null && (await session.exchange(instance))) await browser.alarms.clear(soonAlarm);
}

export const sendWritten =
  (session: WorkerSession): Handler<'sendWritten'> =>
  async ({ now }) => {
    await browser.alarms.create(soonAlarm, { delayInMinutes: soonMinutes });
    if (now) await exchange(session);
    return null;
  };
