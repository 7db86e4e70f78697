import { expect, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from '@playwright/test';
import { AppPage } from './pages/app-page.ts';

/** What the browser says while the network or the server is away on purpose. */
const outageNoise = [
  /net::ERR_(INTERNET_DISCONNECTED|CONNECTION_REFUSED|CONNECTION_RESET|EMPTY_RESPONSE|NETWORK_CHANGED|FAILED)/,
  /WebSocket connection to/,
];

const workerControls = async (): Promise<void> => {
  const { serviceWorker } = navigator;
  await serviceWorker.ready;
  if (!serviceWorker.controller)
    await new Promise((resolve) => serviceWorker.addEventListener('controllerchange', resolve, { once: true }));
};

/** A browser of one person, with everything that it complained about. */
export class Device {
  readonly context: BrowserContext;
  readonly app: AppPage;
  readonly page: Page;
  readonly #troubles: string[] = [];
  // A page that is left at once cuts off the answer to its signing out: the next one asks again, and hears that it is over.
  readonly #allowed: RegExp[] = [/401.*\/auth\/logout/];

  private constructor(context: BrowserContext, page: Page) {
    this.context = context;
    this.page = page;
    this.app = new AppPage(page);
    context.on('console', (message) => {
      if (message.type() === 'warning' || message.type() === 'error')
        this.#troubles.push(`${message.type()}: ${message.text()} (${message.location().url})`);
    });
    context.on('weberror', (event) => this.#troubles.push(`exception: ${event.error().stack ?? event.error().message}`));
    context.on('response', (response) => {
      if (response.status() >= 400) this.#troubles.push(`${response.status()}: ${response.request().method()} ${response.url()}`);
    });
  }

  static async open(browser: Browser, options: BrowserContextOptions): Promise<Device> {
    const context = await browser.newContext(options);
    return new Device(context, await context.newPage());
  }

  /** Another tab of the same browser. */
  async newTab(): Promise<AppPage> {
    return new AppPage(await this.context.newPage());
  }

  /** Trouble that a test makes on purpose. */
  allow(...patterns: readonly RegExp[]): void {
    this.#allowed.push(...patterns);
  }

  /** The server or the network will go away: what the browser says about that is no trouble. */
  allowOutage(): void {
    this.allow(...outageNoise);
  }

  async goOffline(): Promise<void> {
    this.allowOutage();
    // The app can do without a network once its worker has fetched it whole.
    await Promise.all(this.context.pages().map((page) => page.evaluate(workerControls)));
    await this.context.setOffline(true);
  }

  async goOnline(): Promise<void> {
    await this.context.setOffline(false);
  }

  /** Every warning, error and refused request so far that no test has asked for. */
  troubles(): readonly string[] {
    return this.#troubles.filter((trouble) => !this.#allowed.some((pattern) => pattern.test(trouble)));
  }

  /** What each of its pages says now: for the report of a test that failed where nobody sees the screen. */
  async wordsOnScreen(): Promise<string> {
    const words = this.context.pages().map(async (page) => {
      const text = await page.locator('body').innerText({ timeout: 5_000 }).catch(String);
      return `${page.url()}\n${text.slice(0, 2_000)}`;
    });
    return (await Promise.all(words)).join('\n\n');
  }

  async close(): Promise<void> {
    await this.context.close();
    expect(this.troubles(), 'the browser has nothing to complain about').toEqual([]);
  }
}
