import type { BrowserContext, Page, Response } from '@playwright/test';

/** Everything that a browser sent and received: bodies of requests and answers, and messages of sockets. */
export class Traffic {
  readonly #texts: string[] = [];
  readonly #bodies: Promise<void>[] = [];

  constructor(context: BrowserContext) {
    context.on('request', (request) => {
      this.#texts.push(`${request.method()} ${request.url()} ${request.postData() ?? ''}`);
    });
    context.on('response', (response) => this.#bodies.push(this.#keep(response)));
    context.on('page', (page) => this.#listen(page));
    context.pages().forEach((page) => this.#listen(page));
  }

  #listen(page: Page): void {
    page.on('websocket', (socket) => {
      socket.on('framesent', ({ payload }) => this.#texts.push(String(payload)));
      socket.on('framereceived', ({ payload }) => this.#texts.push(String(payload)));
    });
  }

  async #keep(response: Response): Promise<void> {
    // A redirect, or an answer whose page has gone, has no body to read.
    const body = await response.body().catch(() => undefined);
    if (body) this.#texts.push(body.toString('utf8'));
  }

  async text(): Promise<string> {
    await Promise.all(this.#bodies);
    return this.#texts.join('\n');
  }
}
