import { existsSync } from 'node:fs';
import { run } from './run.mjs';

async function playwrightsOwn() {
  const { chromium } = await import('@playwright/test');
  return chromium.executablePath();
}

const debians = '/usr/bin/chromium';
const isDebianRoot = () => process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');

/** Path of a Chromium for the tests: the one named, the machine's, Playwright's, else one that is installed now. */
export async function findChromium() {
  const present = () => [process.env.PLAYWRIGHT_CHROMIUM, debians].find((path) => path && existsSync(path));
  if (present()) return present();
  const own = await playwrightsOwn();
  if (existsSync(own)) return own;
  if (isDebianRoot()) await aptInstall('chromium');
  else await run('playwright', ['install', 'chromium']);
  return present() ?? (existsSync(own) ? own : undefined);
}

/** Installs a Debian package. */
async function aptInstall(name) {
  process.stdout.write(`Installing ${name} …\n`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const { code } = await run('apt-get', ['update', '-qq'], { env, quiet: true });
  return code === 0 && (await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', name], { env, quiet: true })).code === 0;
}
