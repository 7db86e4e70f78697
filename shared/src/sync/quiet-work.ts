import { Completeness, SEEN_EVERY_MS, type CompletenessDeps } from './completeness.ts';
import type { SyncEnvironment } from './sync-environment.ts';

/** How long after its start a device first looks into its bins, in milliseconds: a minute, so that short visits do so too. */
const firstLookMs = 60_000;

/** Parts of what is done in quiet moments. */
export interface QuietWorkDeps extends CompletenessDeps {
  readonly environment: SyncEnvironment;
  /** Whether nothing is under way and nothing waits. */
  readonly isQuiet: () => boolean;
  readonly onChange: () => void;
}

/** What the leading tab does while nothing else happens: it compares what was seen with other devices, and empties bins. */
export class QuietWork {
  readonly #deps: QuietWorkDeps;
  readonly #completeness: Completeness;
  #timers: readonly (() => void)[] = [];

  constructor(deps: QuietWorkDeps) {
    this.#deps = deps;
    this.#completeness = new Completeness(deps);
  }

  /** Whether another device was shown something else at the same point of a space. */
  differs(): boolean {
    return this.#completeness.differs();
  }

  start(): void {
    this.close();
    const { environment } = this.#deps;
    this.#timers = [environment.after(firstLookMs, () => void this.#emptyBins()), this.#lookLater()];
  }

  close(): void {
    for (const cancel of this.#timers) cancel();
    this.#timers = [];
  }

  #lookLater(): () => void {
    return this.#deps.environment.after(SEEN_EVERY_MS, () => {
      this.#timers = [this.#lookLater()];
      void this.#look();
    });
  }

  async #look(): Promise<void> {
    const { isQuiet, onChange } = this.#deps;
    if (!isQuiet()) return;
    await this.#emptyBins();
    if (!isQuiet()) return;
    await this.#completeness.check();
    onChange();
  }

  /** Where a person may only read, whoever may write does it. */
  async #emptyBins(): Promise<void> {
    const { store, spaces, mayWrite = () => true, isQuiet } = this.#deps;
    for (const space of spaces().filter(mayWrite)) if (isQuiet()) await store.emptyBin(space);
  }
}
