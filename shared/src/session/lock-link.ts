/**
 * [Note: lock link] App and extension of one browser tell each other of a lock by events of the page's document, with the account's id:
 * a script of the page could send them too, and could lock with them, nothing else. Events and no messages: they arrive before the page is loaded anew.
 */

/** Event of the app: an account is locked in it. */
export const LOCKED_EVENT = 'mana-locked';

/** Event of the extension: the account was locked there. */
export const LOCK_EVENT = 'mana-lock';

/** Reads such an event: the account's id. */
export const accountOfLock = (event: Event): string | undefined =>
  event instanceof CustomEvent && typeof event.detail === 'string' ? event.detail : undefined;
