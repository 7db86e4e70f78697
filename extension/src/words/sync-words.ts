import type { StoreFailure } from '@mana/shared/store/failures';
import type { SyncStatus } from '@mana/shared/sync/status';
import type { Words } from './en.ts';

/** What the durability light says. */
export function syncWords(status: SyncStatus, words: Words): string {
  if (status.downloadLeft > 0) return words.syncDownloading(status.downloadLeft);
  switch (status.state) {
    case 'local':
      return words.syncLocal;
    case 'offline':
      return words.syncOffline;
    case 'sending':
      return words.syncSending(Math.max(1, status.unsent));
    case 'synced':
      return words.syncSynced;
    case 'signed-out':
      return words.syncSignedOut;
    case 'failing':
      return words.syncFailing;
    case 'outdated':
      return words.syncOutdated;
  }
}

/** Why something was not saved. */
export function storeFailureWords({ code }: StoreFailure, words: Words): string {
  switch (code) {
    case 'INVALID_VALUE':
      return words.storeInvalid;
    case 'FIELD_TOO_LARGE':
      return words.storeTooLarge;
    case 'NO_SUCH_RECORD':
    case 'NOTHING_TO_UNDO':
      return words.storeGone;
    case 'QUOTA_EXCEEDED':
      return words.storeFull;
    case 'DATABASE_CLOSED':
      return words.storeClosed;
    case 'DATABASE_NEWER':
      return words.failedNewerText;
  }
}
