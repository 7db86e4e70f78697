import type { StorageFailure } from '#store/storage.ts';
import type { TransportFailure } from './transport.ts';

/** Why an exchange stopped. */
export type ExchangeFailure = TransportFailure | { readonly code: StorageFailure };
