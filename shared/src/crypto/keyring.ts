import { lengthPrefixed, type Bytes } from '#base/bytes.ts';
import { hkdfKey, importHkdfKey, wipe } from './primitives.ts';

/** A key that seals and opens values; AES-GCM-256, non-extractable. */
export type SealingKey = CryptoKey;

/** The keys of an open vault, as the store and sync use them. Forgetting the object forgets the keys. */
export interface Keyring {
  /** Newest epoch of a space whose key this device holds. */
  currentEpoch(space: string): number;
  /** Key of a table's fields on the wire: HKDF of the space key. Undefined when the epoch's space key is unknown here. */
  tableKey(space: string, epoch: number, table: string): Promise<SealingKey | undefined>;
  /** Key of what rests in this device's database, never on the wire: HKDF of the account key. */
  localKey(purpose: string): Promise<SealingKey>;
}

/** A space key in the clear. */
export interface SpaceKey {
  readonly space: string;
  readonly epoch: number;
  readonly key: Bytes;
}

/** The keys of a keyring as they pass to a worker: not extractable, by structured clone. */
export interface SharedKeys {
  readonly account: CryptoKey;
  readonly spaces: readonly { readonly space: string; readonly epoch: number; readonly base: CryptoKey }[];
}

/** A keyring as its owner holds it. */
export interface OwnedKeyring extends Keyring {
  /** What a worker needs to hold the same keys; undefined once they were forgotten. */
  share(): SharedKeys | undefined;
  /** Takes keys that another keyring shared. Those that are held already stay. */
  takeShared(keys: SharedKeys): void;
  /** Takes a further space key and wipes its bytes. A key that is already held stays: nobody can put another one in its place. */
  addSpaceKey(spaceKey: SpaceKey): Promise<void>;
  /** Drops every key; from then on it knows none. */
  forget(): void;
}

interface HeldEpochs {
  readonly bases: Map<number, CryptoKey>;
  current: number;
}

/** Makes the keyring of an open vault. The raw bytes are wiped. */
export async function createKeyring(input: { accountKey: Bytes; spaceKeys: readonly SpaceKey[] }): Promise<OwnedKeyring> {
  const account = await importHkdfKey(input.accountKey);
  wipe(input.accountKey);
  const keyring = createRing(account);
  for (const spaceKey of input.spaceKeys) await keyring.addSpaceKey(spaceKey);
  return keyring;
}

/** Makes a keyring of keys that another one shared. */
export function createSharedKeyring(keys: SharedKeys): OwnedKeyring {
  const keyring = createRing(keys.account);
  keyring.takeShared(keys);
  return keyring;
}

function createRing(accountBase: CryptoKey): OwnedKeyring {
  let account: CryptoKey | undefined = accountBase;
  const spaces = new Map<string, HeldEpochs>();
  const derived = new Map<string, Promise<SealingKey>>();
  const once = (name: string, base: CryptoKey, info: readonly string[]): Promise<SealingKey> => {
    const known = derived.get(name) ?? hkdfKey(base, lengthPrefixed(info));
    derived.set(name, known);
    return known;
  };
  const hold = (space: string, epoch: number, key: CryptoKey): void => {
    const held = spaces.get(space) ?? { bases: new Map<number, CryptoKey>(), current: 0 };
    spaces.set(space, held);
    if (!held.bases.has(epoch)) held.bases.set(epoch, key);
    held.current = Math.max(held.current, epoch);
  };
  return {
    currentEpoch: (space) => spaces.get(space)?.current ?? 0,
    async tableKey(space, epoch, table) {
      const base = spaces.get(space)?.bases.get(epoch);
      return base && once(`${space}/${epoch}/${table}`, base, ['mana/table/1', space, String(epoch), table]);
    },
    async localKey(purpose) {
      if (!account) throw new Error('The vault is locked: its keys were forgotten');
      return once(`local/${purpose}`, account, ['mana/local/1', purpose]);
    },
    async addSpaceKey({ space, epoch, key }) {
      const imported = await importHkdfKey(key);
      wipe(key);
      if (account) hold(space, epoch, imported);
    },
    share: () =>
      account && {
        account,
        spaces: [...spaces].flatMap(([space, { bases }]) => [...bases].map(([epoch, key]) => ({ space, epoch, base: key }))),
      },
    takeShared(keys) {
      if (account) for (const { space, epoch, base: key } of keys.spaces) hold(space, epoch, key);
    },
    forget() {
      account = undefined;
      spaces.clear();
      derived.clear();
    },
  };
}
