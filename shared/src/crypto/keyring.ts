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
