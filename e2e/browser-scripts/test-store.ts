import { systemClock } from '@mana/shared/base/clock';
import { newId } from '@mana/shared/base/ids';
import { systemRandom } from '@mana/shared/base/random';
import { createKeyring } from '@mana/shared/crypto/keyring';
import { allTableSchemas } from '@mana/shared/modules/all-modules';
import { openDexieStorage } from '@mana/shared/store/dexie-storage';
import { openStore } from '@mana/shared/store/open-store';
import type { OutboxStore } from '@mana/shared/store/outbox-store';

/** Opens the product's store in a database of this page, with keys of its own. */
export async function openPageStore(database: string): Promise<OutboxStore> {
  const space = newId({ clock: systemClock, random: systemRandom });
  const storage = await openDexieStorage(database);
  if (!storage.ok) throw new Error(storage.error);
  const keyring = await createKeyring({
    accountKey: systemRandom.bytes(32),
    spaceKeys: [{ space, epoch: 1, key: systemRandom.bytes(32) }],
  });
  const deps = { storage: storage.value, keyring, clock: systemClock, random: systemRandom, tables: allTableSchemas };
  const opened = await openStore({ ...deps, self: `user:${space}`, homeSpace: space });
  if (!opened.ok) throw new Error(opened.error.code);
  return opened.value;
}
