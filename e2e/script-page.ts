import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { BrowserContext, Page } from '@playwright/test';
import { root } from './server/mana-server.ts';

// A name under localhost is a secure context (there is no WebCrypto elsewhere), and nothing needs to listen there.
const ownAddress = 'http://script.localhost/';

/** Bundles a script of `e2e/browser-scripts` with everything that it imports, for a browser. */
export function bundle(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'mana-bundle-'));
  const out = join(folder, 'script.js');
  try {
    const entry = join(root, 'e2e/browser-scripts', `${name}.ts`);
    execFileSync(
      join(root, 'node_modules/.bin/bun'),
      ['build', entry, '--target=browser', '--format=esm', '--minify', `--outfile=${out}`],
      {
        stdio: 'pipe',
        env: { ...process.env, NODE_ENV: 'production' },
      },
    );
    return readFileSync(out, 'utf8');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The scripts of a page: its own, and those of the workers that it opens by their names. */
function codeOf(name: string, workers: readonly string[]): ReadonlyMap<string, string> {
  return new Map([['script', bundle(name)], ...workers.map((worker) => [worker, bundle(worker)] as const)]);
}

/** Where a page stands, and which workers it opens. */
export interface ScriptPage {
  readonly address?: string;
  readonly workers?: readonly string[];
}

/** Opens an empty page that has run a script of `e2e/browser-scripts`; the script puts its functions on `window`. At an address of a server it speaks to that server. */
export async function openScriptPage(
  context: BrowserContext,
  name: string,
  { address = ownAddress, workers = [] }: ScriptPage = {},
): Promise<Page> {
  const code = codeOf(name, workers);
  const page = await context.newPage();
  await page.route(`${address}**`, (route) =>
    route.request().url().endsWith('.js')
      ? route.fulfill({ contentType: 'text/javascript', body: code.get(basename(route.request().url(), '.js')) ?? '' })
      : route.fulfill({
          contentType: 'text/html',
          body: '<!doctype html><meta charset="utf-8"><title>script</title><script type="module" src="script.js"></script>',
        }),
  );
  await page.goto(address);
  return page;
}
