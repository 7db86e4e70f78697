import { ok, type Result } from '#base/result.ts';
import type { OutboxStore } from '#store/outbox-store.ts';
import type { Exchange } from './exchange.ts';
import type { ExchangeFailure } from './exchange-failure.ts';
import type { HeadStart } from './head-start.ts';
import type { PulledPage, PullDesk, PullDesks } from './pull-desk.ts';

/** Parts of the download. */
export interface DownloadDeps {
  readonly store: OutboxStore;
  readonly exchange: Exchange;
  readonly headStart: HeadStart;
  readonly desks?: PullDesks | undefined;
  readonly isStopped: () => boolean;
  /** What is done between two pages: edits of the person do not wait for the end. */
  readonly between: () => Promise<Result<void, ExchangeFailure>>;
  readonly onChange: () => void;
}

/** Reads spaces page by page to their end; a first, large one at a desk beside the page. Stopped anywhere, it goes on from the stored cursor. */
export class Download {
  readonly #deps: DownloadDeps;
  /** Spaces that were begun from their start. */
  readonly #new = new Set<string>();
  #desk: PullDesk | undefined;
  #hasNoDesk = false;
  #left = 0;
  #done = 0;
  #paused = false;

  constructor(deps: DownloadDeps) {
    this.#deps = deps;
  }

  status(): { readonly downloadLeft: number; readonly downloadDone: number; readonly downloadPaused: boolean } {
    return { downloadLeft: this.#left, downloadDone: this.#done, downloadPaused: this.#paused };
  }

  isPaused(): boolean {
    return this.#paused;
  }

  /** Only a first download can be paused: later ones are what a person works on. */
  pause(isPaused: boolean): void {
    this.#paused = isPaused && this.#left > 0;
  }

  async run(space: string): Promise<Result<void, ExchangeFailure>> {
    const { exchange, store, between } = this.#deps;
    if ((store.place().cursors[space] ?? 0) === 0) this.#new.add(space);
    exchange.beginDownload();
    for (let goesOn = true; goesOn && !this.#isHalted();) {
      const pulled = await this.#pull(space);
      const told = pulled.ok ? await this.#told(space, pulled.value) : pulled;
      if (!told.ok) return told;
      goesOn = told.value;
      const done = goesOn ? await between() : told;
      if (!done.ok) return done;
    }
    this.close();
    if (!this.#paused) this.#forgetCounts();
    return ok(undefined);
  }

  close(): void {
    this.#desk?.close();
    this.#desk = undefined;
  }

  #isHalted(): boolean {
    return this.#paused || this.#deps.isStopped();
  }

  /** Whether this device takes the space over: everything in it is new here. */
  #isFirst(space: string): boolean {
    return this.#new.has(space) || this.#deps.store.place().lastSyncedAt === null;
  }

  async #pull(space: string): Promise<Result<PulledPage, ExchangeFailure>> {
    const { desks, exchange, store } = this.#deps;
    const isLarge = desks !== undefined && !this.#hasNoDesk && this.#isFirst(space) && this.#left >= desks.fromLeft;
    if (isLarge) {
      exchange.beginDownload();
      this.#desk ??= desks.open();
      const pulled = await this.#desk.pull(space);
      if (pulled?.ok) store.takePlace(pulled.value.place);
      if (pulled) return pulled;
      if (this.#deps.isStopped()) return ok({ left: 1, count: 0 });
      this.#hasNoDesk = true;
      this.close();
    }
    return exchange.pull(space);
  }

  /** Takes note of a page. Resolves with whether there is something to do behind it. */
  async #told(space: string, { left, count }: PulledPage): Promise<Result<boolean, ExchangeFailure>> {
    const { headStart, onChange } = this.#deps;
    this.#left = left;
    this.#done += count;
    if (left === 0) return this.#atEnd(space);
    onChange();
    if (this.#isFirst(space)) await headStart.give(space);
    return ok(true);
  }

  async #atEnd(space: string): Promise<Result<boolean, ExchangeFailure>> {
    const { exchange, headStart } = this.#deps;
    const end = headStart.atEnd(space);
    if (end === 'whole') return ok(false);
    if (end === 'withheld') return exchange.offerBeyondCursor(space);
    exchange.beginDownload();
    return ok(true);
  }

  #forgetCounts(): void {
    this.#left = 0;
    this.#done = 0;
  }
}
