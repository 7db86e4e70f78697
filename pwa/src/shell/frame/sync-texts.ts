import type { SyncStatus } from '@mana/shared/sync/status';
import { m } from '#messages';

const texts: Readonly<Record<SyncStatus['state'], () => string>> = {
  local: m.sync_local_text,
  offline: m.sync_offline_text,
  sending: m.sync_sending_text,
  synced: m.sync_synced_text,
  'signed-out': m.sync_signed_out_text,
  failing: m.sync_failing_text,
  outdated: m.sync_outdated_text,
};

/** What the state of the durability light means, in a sentence. */
export const syncText = ({ state }: SyncStatus): string => texts[state]();
