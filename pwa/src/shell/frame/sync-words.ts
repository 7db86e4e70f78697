import type { SyncStatus } from '@mana/shared/sync/status';
import { m } from '#messages';

/** What the durability light says: a colour and a word. */
export interface SyncWords {
  readonly look: 'safe' | 'here' | 'moving' | 'problem';
  readonly label: string;
}

const words: Readonly<Record<SyncStatus['state'], () => SyncWords>> = {
  local: () => ({ look: 'here', label: m.sync_local() }),
  offline: () => ({ look: 'here', label: m.sync_offline() }),
  sending: () => ({ look: 'moving', label: m.sync_sending() }),
  synced: () => ({ look: 'safe', label: m.sync_synced() }),
  'signed-out': () => ({ look: 'problem', label: m.sync_signed_out() }),
  failing: () => ({ look: 'problem', label: m.sync_failing() }),
  outdated: () => ({ look: 'problem', label: m.sync_outdated() }),
};

export const syncWords = ({ state }: SyncStatus): SyncWords => words[state]();
