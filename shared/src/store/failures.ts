/** Why the local store could not do what it was asked; each has words in the apps. */
export type StoreFailure =
  /** Values do not fit the table's schema; `path` names the field. */
  | { readonly code: 'INVALID_VALUE'; readonly path: string }
  /** A value is larger than `MAX_FIELD_BYTES`. */
  | { readonly code: 'FIELD_TOO_LARGE'; readonly path: string }
  /** The record does not exist on this device, or is deleted. */
  | { readonly code: 'NO_SUCH_RECORD' }
  /** The change was undone already, or is no longer known. */
  | { readonly code: 'NOTHING_TO_UNDO' }
  /** The browser has no room left. */
  | { readonly code: 'QUOTA_EXCEEDED' }
  /** The local database is closed, was deleted, or belongs to a newer version of the app. */
  | { readonly code: 'DATABASE_CLOSED' }
  | { readonly code: 'DATABASE_NEWER' };
