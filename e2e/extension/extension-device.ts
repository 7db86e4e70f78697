import { chromium, type BrowserContext, type Page } from '@playwright/test';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchOptions } from '../chromium.ts';
import { AppPage } from '../pages/app-page.ts';
import { root } from '../server/mana-server.ts';

/** A browser with the built extension. */
export interface ExtensionDevice {
  readonly context: BrowserContext;
  readonly id: string;
  /** The app in this browser. */
  readonly app: AppPage;
  /** Opens the popup's page; nothing of it lives when it is closed. */
  openPopup(): Promise<Page>;
  close(): Promise<void>;
}

/** Nobody can click a permission prompt without a screen: the copy of the manifest has what a person would have allowed. */
function grantedBuild(folder: string): string {
  const build = join(folder, 'extension');
  cpSync(join(root, 'extension/.output/chrome-mv3'), build, { recursive: true });
  const path = join(build, 'manifest.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  writeFileSync(path, JSON.stringify({ ...manifest, host_permissions: ['http://localhost/*'] }));
  return build;
}

/** Starts a browser of its own with the extension loaded. */
export async function openExtensionDevice(baseURL: string): Promise<ExtensionDevice> {
  const folder = mkdtempSync(join(tmpdir(), 'mana-extension-'));
  const build = grantedBuild(folder);
  const context = await chromium.launchPersistentContext(join(folder, 'profile'), {
    ...launchOptions,
    ...(launchOptions.executablePath === undefined ? { channel: 'chromium' } : {}),
    args: [...launchOptions.args, `--disable-extensions-except=${build}`, `--load-extension=${build}`],
    baseURL,
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    viewport: { width: 1280, height: 800 },
  });
  const worker = context.serviceWorkers()[0] ?? (await context.waitForEvent('serviceworker'));
  const id = new URL(worker.url()).host;
  return {
    context,
    id,
    app: new AppPage(context.pages()[0] ?? (await context.newPage())),
    async openPopup() {
      const popup = await context.newPage();
      await popup.setViewportSize({ width: 380, height: 560 });
      await popup.goto(`chrome-extension://${id}/popup.html`);
      return popup;
    },
    async close() {
      await context.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Connects the extension of a browser to the account that is open in its app. */
export async function pair(device: ExtensionDevice, url: string): Promise<void> {
  const popup = await device.openPopup();
  await popup.getByLabel('Address of your instance').fill(url);
  const opened = device.context.waitForEvent('page');
  await popup.getByRole('button', { name: 'Connect' }).click();
  const settings = await opened;
  const digits = settings.locator('output');
  await digits.waitFor();
  const shown = (await digits.innerText()).replaceAll(/\D/g, '');
  await popup.getByRole('status', { name: new RegExp(`Digits to compare: ${shown}`) }).waitFor();
  await settings.getByRole('button', { name: 'They are the same: connect' }).click();
  await settings.getByText('Connected', { exact: true }).waitFor();
  await popup.getByLabel('Quick add').waitFor();
  await popup.close();
  await settings.close();
}
