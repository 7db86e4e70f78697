import { test as base, type BrowserContextOptions } from '@playwright/test';
import { Device } from './device.ts';
import { ManaServer } from './server/mana-server.ts';

interface TestFixtures {
  /** Opens a browser of its own; at the end none of them may have complained. */
  readonly newDevice: (options?: BrowserContextOptions) => Promise<Device>;
}

interface WorkerFixtures {
  /** The server of this worker. */
  readonly mana: ManaServer;
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  mana: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads the names from this pattern
    async ({}, use) => {
      const server = await ManaServer.open();
      await use(server);
      await server.close();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  newDevice: async ({ browser, contextOptions, mana }, use, testInfo) => {
    const devices: Device[] = [];
    await use(async (options = {}) => {
      const device = await Device.open(browser, { ...contextOptions, baseURL: mana.url, ...options });
      devices.push(device);
      return device;
    });
    if (testInfo.status !== testInfo.expectedStatus) for (const device of devices) console.log(await device.wordsOnScreen());
    for (const device of devices) await device.close();
  },
});

export { expect } from '@playwright/test';
export { newPerson } from './person.ts';
