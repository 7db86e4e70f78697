import { existsSync } from 'node:fs';

const debians = '/usr/bin/chromium';

/** The browser that was named, else the machine's; undefined leaves the choice to Playwright, which then takes its own. */
export const chromiumPath = [process.env['PLAYWRIGHT_CHROMIUM'], debians].find((path) => path && existsSync(path));

/** Chromium may neither need a sandbox of the kernel (root has none) nor look for a network of its own. */
export const chromiumFlags = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-quic',
];

/** How every browser of the tests and benches is launched. */
export const launchOptions = { args: chromiumFlags, ...(chromiumPath ? { executablePath: chromiumPath } : {}) };
