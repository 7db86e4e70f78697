import { defineConfig, devices } from '@playwright/test';
import { launchOptions } from './e2e/chromium.ts';

const phone = /@phone/;
const extension = /extension\/.*\.test\.ts/;
/** Tests whose pages are killed a moment after a key was pressed: nothing else may take the machine from them meanwhile. */
const alone = /killed-tab\.test\.ts/;
const desktop = { ...devices['Desktop Chrome'], viewport: { width: 1280, height: 800 } };

export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.test.ts',
  globalSetup: './e2e/make-template.ts',
  outputDir: 'test-results',
  fullyParallel: false,
  workers: 2,
  retries: 0,
  forbidOnly: true,
  timeout: 240_000, // an end for what hangs: two people, two devices and a server may share two busy cores with others
  expect: { timeout: 20_000 },
  reporter: [['list'], ['json', { outputFile: 'test-results/report.json' }]],
  use: {
    launchOptions,
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    screenshot: 'only-on-failure',
    // Recording doubles the time of every test; `PLAYWRIGHT_TRACE=retain-on-failure` asks for it.
    trace: process.env['PLAYWRIGHT_TRACE'] === 'retain-on-failure' ? 'retain-on-failure' : 'off',
    actionTimeout: 15_000,
    navigationTimeout: 30_000,
  },
  projects: [
    { name: 'desktop', testIgnore: [extension, alone], use: desktop },
    { name: 'phone', testIgnore: extension, grep: phone, use: { ...devices['Pixel 7'] } },
    { name: 'extension', testMatch: extension, use: desktop },
    { name: 'alone', testMatch: alone, use: desktop, dependencies: ['desktop', 'phone', 'extension'] },
  ],
});
