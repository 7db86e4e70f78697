import { textToBytes } from '#base/bytes.ts';
import type { DeviceId } from '#base/hybrid-clock.ts';
import { ok, type Result } from '#base/result.ts';
import type { OutboxStore } from '#store/outbox-store.ts';
import type { StoredRecord } from '#store/stored-record.ts';
import type { StorageFailure, WireOp } from '#store/storage.ts';
import { MAX_BODY_BYTES, MAX_PUSH_OPS } from '#wire/limits.ts';
import type { Op, PushRequest } from '#wire/sync.ts';
import { sealWaiting, type SealOpsDeps } from './seal-ops.ts';

/** Room for device, number and generation in the body of a push, in bytes. */
const frameBytes = 1_024;
/** Attempts to catch the records of a batch at rest while another tab writes them. */
const maxAttempts = 8;

/** A push that is ready to leave: its operations are marked as sent. */
export interface PushBatch {
  readonly request: PushRequest;
  readonly device: DeviceId;
  readonly keyByOp: ReadonlyMap<string, string>;
}

interface Entry {
  readonly from: StoredRecord;
  readonly wires: WireOp[];
  readonly sending: WireOp[];
}

const opOf = ({ state }: StoredRecord, wire: WireOp): Op => ({
  op: wire.op,
  space: state.space,
  table: state.table,
  id: state.id,
  fields: wire.fields,
});

/** Chooses operations in order, those under way first and always, others while there is room. */
function choose(sealed: readonly { from: StoredRecord; wires: readonly WireOp[] }[], maxOps: number): Entry[] {
  let bytes = frameBytes;
  let count = 0;
  const entries: Entry[] = [];
  for (const { from, wires } of sealed) {
    const underWay = new Set(from.wires.filter((wire) => wire.sent).map((wire) => wire.op));
    const sending: WireOp[] = [];
    for (const wire of wires) {
      const size = textToBytes(JSON.stringify(opOf(from, wire))).length + 1;
      const fits = count === 0 || (count < maxOps && bytes + size <= MAX_BODY_BYTES);
      if (!underWay.has(wire.op) && !fits) break;
      sending.push(wire);
      bytes += size;
      count += 1;
    }
    if (sending.length > 0) entries.push({ from, sending, wires: sending });
  }
  return entries;
}

/**
 * Seals what waits, persists the wire forms with the mark that they leave, and draws the push's number.
 * Invariant 1: nothing leaves before it is marked. Invariant 2: what was sent without an answer leads, byte for byte.
 */
export async function takePushBatch(
  store: OutboxStore,
  deps: SealOpsDeps,
  maxOps = MAX_PUSH_OPS,
): Promise<Result<PushBatch | undefined, StorageFailure>> {
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const waiting = await store.waiting(MAX_PUSH_OPS);
    if (!waiting.ok) return waiting;
    const sealed = await Promise.all(waiting.value.map(async (from) => ({ from, wires: await sealWaiting(deps, from) })));
    const entries = choose(sealed, maxOps);
    if (entries.length === 0) return ok(undefined);
    const marked = await store.markSent(entries);
    if (!marked.ok) return marked;
    if (!marked.value) continue;
    const { device, n, generation } = marked.value;
    const ops = entries.flatMap(({ from, sending }) => sending.map((wire) => opOf(from, wire)));
    const keyByOp = new Map(entries.flatMap(({ from, sending }) => sending.map((wire) => [wire.op, from.key] as const)));
    return ok({ request: { device, n, generation, ops }, device, keyByOp });
  }
  return ok(undefined);
}
