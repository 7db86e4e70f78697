import type { SyncStatus } from '@mana/shared/sync/status';
import { m } from '#messages';

/** What the durability light says: a colour, a word, a sentence. */
export interface SyncWords {
  readonly look: 'safe' | 'here' | 'moving' | 'problem';
  readonly label: string;
  readonly text: string;
}

const words: Readonly<Record<SyncStatus['state'], () => SyncWords>> = {
  local: () => ({ look: 'here', label: m.sync_local(), text: m.sync_local_text() }),
  offline: () => ({ look: 'here', label: m.sync_offline(), text: m.sync_offline_text() }),
  sending: () => ({ look: 'moving', label: m.sync_sending(), text: m.sync_sending_text() }),
  synced: () => ({ look: 'safe', label: m.sync_synced(), text: m.sync_synced_text() }),
  'signed-out': () => ({ look: 'problem', label: m.sync_signed_out(), text: m.sync_signed_out_text() }),
  failing: () => ({ look: 'problem', label: m.sync_failing(), text: m.sync_failing_text() }),
  outdated: () => ({ look: 'problem', label: m.sync_outdated(), text: m.sync_outdated_text() }),
};

export const syncWords = ({ state }: SyncStatus): SyncWords => words[state]();
