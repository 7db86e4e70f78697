import { bytesToB64, concatBytes, textToBytes, type Bytes } from '#base/bytes.ts';
import { ZERO_STAMP } from '#base/hybrid-clock.ts';
import { sha256 } from '#crypto/primitives.ts';
import { DELETED_AT } from '#wire/deletion.ts';
import { isVoid } from '#wire/merge.ts';
import { SEED_EPOCH, type RecordState } from './record-state.ts';
import type { SyncPlace } from './storage.ts';
import type { StoreCore } from './store-core.ts';

/** A space as this device knows it: two devices with the same `generation` and `seq` have the same `digest`, or were not shown the same. */
export interface SpaceDigest {
  readonly generation: number;
  /** Greatest sequence number of a record that is covered. */
  readonly seq: number;
  /** SHA-256 of what the server acknowledged, base64. */
  readonly digest: string;
}

/** Records opened at once, and lines hashed at once. */
const sliceRows = 500;

/** What names a record's acknowledged state: each field's stamp and envelope. What its deletion voids is left out: devices keep it as they like. */
function lineOf({ table, id, acked }: RecordState): string | undefined {
  const deletion = acked[DELETED_AT];
  const fields = Object.entries(acked)
    .filter(([name, field]) => !(field.epoch === SEED_EPOCH && field.at === ZERO_STAMP) && !isVoid(name, field, deletion))
    .map(([name, { at, epoch, iv }]) => `${name}@${at}.${epoch}.${iv}`)
    .toSorted();
  return fields.length === 0 ? undefined : `${table}/${id}:${fields.join(',')}\n`;
}

/** Hashes lines slice by slice, each with the hash of those before it. */
class LineHash {
  #hash: Bytes = new Uint8Array(32);
  #lines: string[] = [];

  async add(line: string): Promise<void> {
    this.#lines.push(line);
    if (this.#lines.length >= sliceRows) await this.#take();
  }

  async end(): Promise<string> {
    await this.#take();
    return bytesToB64(this.#hash);
  }

  async #take(): Promise<void> {
    this.#hash = await sha256(concatBytes(this.#hash, textToBytes(this.#lines.join(''))));
    this.#lines = [];
  }
}

const isSettled = (place: SyncPlace, space: string): boolean => place.unread?.[space] === undefined && (place.cursors[space] ?? 0) > 0;

/**
 * The digest of a space without the records of `exceptTable`; undefined while something is missing, cannot be read, or changes meanwhile.
 * Reads every record: for quiet moments.
 */
export async function digestSpace(core: StoreCore, space: string, exceptTable: string): Promise<SpaceDigest | undefined> {
  const place = core.records.place();
  const cursor = place.cursors[space] ?? 0;
  const keys = await core.storage.transaction('read', ['records'], (tx) => tx.recordKeys());
  if (!keys.ok || !isSettled(place, space)) return undefined;
  const covered = keys.value.filter((key) => key.startsWith(`${space}/`) && !key.startsWith(`${space}/${exceptTable}/`)).toSorted();
  const hash = new LineHash();
  let seq = 0;
  for (let start = 0; start < covered.length; start += sliceRows) {
    const slice = covered.slice(start, start + sliceRows);
    const rows = await core.storage.transaction('read', ['records'], (tx) => tx.getMany('records', slice));
    if (!rows.ok) return undefined;
    for (const { state } of await core.records.openRows(rows.value.filter((row) => row !== undefined))) {
      const line = lineOf(state);
      if (line === undefined) continue;
      seq = Math.max(seq, state.seq);
      await hash.add(line);
    }
  }
  const after = core.records.place();
  const isSame = after.generation === place.generation && after.cursors[space] === cursor && seq <= cursor;
  return isSame ? { generation: place.generation, seq, digest: await hash.end() } : undefined;
}
