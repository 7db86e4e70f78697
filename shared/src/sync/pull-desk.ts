import type { Result } from '#base/result.ts';
import type { SyncPlace } from '#store/storage.ts';
import type { ExchangeFailure } from './exchange-failure.ts';

/** A page that was taken in. */
export interface PulledPage {
  /** How many records are left behind it. */
  readonly left: number;
  /** How many records it brought. */
  readonly count: number;
}

/** A page that was taken in elsewhere, and where the database stands since. */
export interface DeskPage extends PulledPage {
  readonly place: SyncPlace;
}

/**
 * Where pages of a first download are fetched, opened and written: a worker beside the page, on the same database and with the same keys,
 * or the same work in place for tests. It tells other tabs what it wrote as a tab does.
 */
export interface PullDesk {
  /** Reads one page from the stored cursor. Undefined when the desk cannot work here: the caller reads by itself. */
  pull(space: string): Promise<Result<DeskPage, ExchangeFailure> | undefined>;
  /** Ends it at once, with every key that it holds. */
  close(): void;
}

/** How a desk is opened, and from how many records left it is worth it. */
export interface PullDesks {
  open(): PullDesk;
  readonly fromLeft: number;
}
