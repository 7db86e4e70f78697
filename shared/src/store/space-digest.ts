import { bytesToB64, concatBytes, textToBytes, type Bytes } from '#base/bytes.ts';
import { ZERO_STAMP } from '#base/hybrid-clock.ts';
import { sha256 } from '#crypto/primitives.ts';
import { DELETED_AT } from '#wire/deletion.ts';
import { isVoid } from '#wire/merge.ts';
import { SEED_EPOCH, type RecordState } from './record-state.ts';
import type { SpaceDigest } from './outbox-store.ts';
import type { SyncPlace } from './storage.ts';
import type { StoreCore } from './store-core.ts';

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

const isSamePlace = (before: SyncPlace, after: SyncPlace, space: string): boolean =>
  after.generation === before.generation && after.cursors[space] === before.cursors[space];

/** Hashes what is stored of these records; resolves with the greatest sequence number among them. */
async function hashRecords(core: StoreCore, keys: readonly string[], hash: LineHash): Promise<number | undefined> {
  let seq = 0;
  for (let start = 0; start < keys.length; start += sliceRows) {
    const slice = keys.slice(start, start + sliceRows);
    const rows = await core.storage.transaction('read', ['records'], (tx) => tx.getMany('records', slice));
    if (!rows.ok) return undefined;
    for (const { state } of await core.records.openRows(rows.value.filter((row) => row !== undefined))) {
      const line = lineOf(state);
      if (line === undefined) continue;
      seq = Math.max(seq, state.seq);
      await hash.add(line);
    }
  }
  return seq;
}

/**
 * The digest of a space without the records of `exceptTable`; undefined while something is missing, cannot be read, or changes meanwhile.
 * Reads every record: for quiet moments.
 */
export async function digestSpace(core: StoreCore, space: string, exceptTable: string): Promise<SpaceDigest | undefined> {
  const place = core.records.place();
  const keys = await core.storage.transaction('read', ['records'], (tx) => tx.recordKeys({ prefix: `${space}/` }));
  if (!keys.ok || !isSettled(place, space)) return undefined;
  const covered = keys.value.filter((key) => !key.startsWith(`${space}/${exceptTable}/`));
  const hash = new LineHash();
  const seq = await hashRecords(core, covered, hash);
  if (seq === undefined || seq > (place.cursors[space] ?? 0) || !isSamePlace(place, core.records.place(), space)) return undefined;
  return { generation: place.generation, seq, digest: await hash.end() };
}
