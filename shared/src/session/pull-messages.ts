import type { Result } from '#base/result.ts';
import type { SharedKeys } from '#crypto/keyring.ts';
import type { ExchangeFailure } from '#sync/exchange-failure.ts';
import type { DeskPage } from '#sync/pull-desk.ts';

/** What a worker needs to read pages for an open vault. */
export interface PullWork {
  readonly baseUrl: string;
  /** Name of the local database. */
  readonly database: string;
  readonly self: string;
  readonly homeSpace: string;
  readonly keys: SharedKeys;
}

/** What the page tells its pull worker. */
export type ToPullWorker =
  | { readonly kind: 'open'; readonly work: PullWork }
  | { readonly kind: 'pull'; readonly space: string }
  /** Answer to `keys-please`: all that the page holds now. */
  | { readonly kind: 'keys'; readonly keys: SharedKeys | undefined };

/** What a pull worker tells its page; each `pull` is answered by one `pulled`. */
export type FromPullWorker =
  /** Undefined where the worker cannot open the database. */
  | { readonly kind: 'pulled'; readonly page: Result<DeskPage, ExchangeFailure> | undefined }
  | { readonly kind: 'keys-please' }
  | { readonly kind: 'warn'; readonly code: string };
