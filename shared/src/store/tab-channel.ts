import type { SyncPlace } from './storage.ts';

/** What one tab tells the others. */
export interface TabMessage {
  /** Keys of the records that it wrote. */
  readonly records: readonly string[];
  /** Those of them with edits that wait, and how many; none of the others has any. */
  readonly waiting: readonly (readonly [key: string, count: number])[];
  /** Whether history or quarantine changed. */
  readonly logs: boolean;
  /** Where the database stands now, if that changed. */
  readonly place?: SyncPlace | undefined;
}

/** Line between the tabs of one account. A tab never hears itself. */
export interface TabChannel {
  post(message: TabMessage): void;
  /** Calls `listener` for each message of another tab. */
  listen(listener: (message: TabMessage) => void): void;
  close(): void;
}

/** The line over the browser's BroadcastChannel; one name for each account. */
export function createBroadcastTabChannel(name: string): TabChannel {
  const channel = new BroadcastChannel(name);
  return {
    post: (message) => channel.postMessage(message),
    listen: (listener) => channel.addEventListener('message', (event: MessageEvent<TabMessage>) => listener(event.data)),
    close: () => channel.close(),
  };
}
