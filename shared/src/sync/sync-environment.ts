/** What sync asks of the place it runs in. */
export interface SyncEnvironment {
  /** Whether there may be a network. */
  isOnline(): boolean;
  /** Calls `listener` when the network comes or goes and when the person comes back. Returns the way to stop. */
  onWake(listener: () => void): () => void;
  /** Runs `run` in at most one tab at a time, for as long as the tab lives or until the returned function is called; `signal` then aborts. */
  lead(run: (signal: AbortSignal) => Promise<void>): () => void;
  /** Calls `run` after `delayMs`. Returns the way to cancel. */
  after(delayMs: number, run: () => void): () => void;
}
