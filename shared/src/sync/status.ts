/** A clock that is off by less is nobody's concern, in milliseconds. */
export const CLOCK_TOLD_MS = 60_000;

/** What the durability light says, truthfully. */
export interface SyncStatus {
  /**
   * `local`: a guest, nothing leaves the device · `offline`: no connection · `sending`: edits are on their way ·
   * `synced`: the server has everything · `signed-out`: the session ended, sign in again · `failing`: the server answers with errors, will try again ·
   * `outdated`: this app is older or newer than the server and keeps writing locally.
   */
  readonly state: 'local' | 'offline' | 'sending' | 'synced' | 'signed-out' | 'failing' | 'outdated';
  /** Edits that the server has not acknowledged. */
  readonly unsent: number;
  /** Operations that the server refused for good. */
  readonly quarantined: number;
  /** Whether another device was shown something else of the same history: the server keeps something back from one of them. */
  readonly differs: boolean;
  /** Milliseconds that this device's clock is ahead (positive) or behind; 0 when it is within a minute. */
  readonly clockOffMs: number;
  /** Whether live updates are connected. */
  readonly live: boolean;
  /** Records that a download still has to fetch; 0 when there is none. */
  readonly downloadLeft: number;
  /** Records that the download under way has brought. */
  readonly downloadDone: number;
  /** Whether the person has stopped the download for now. */
  readonly downloadPaused: boolean;
  /** Records of a space that were looked at, while what an older key sealed is sealed anew; null while nothing is. */
  readonly resealing: { readonly done: number; readonly total: number } | null;
  /** ISO time of the last complete exchange; null if never. */
  readonly lastSyncedAt: string | null;
}

/** The moving part between outbox and server. */
export interface Sync {
  status(): SyncStatus;
  subscribe(listener: () => void): () => void;
  /** Sends and fetches now; resolves when nothing is left to do or it failed. */
  syncNow(): Promise<void>;
  /** Stops a first download after the page under way, or goes on with it where it stopped. */
  pauseDownload(isPaused: boolean): void;
  stop(): Promise<void>;
}
