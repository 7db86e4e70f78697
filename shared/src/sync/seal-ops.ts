import type { Bytes } from '#base/bytes.ts';
import { b64ToBytes } from '#base/bytes.ts';
import type { Random } from '#base/random.ts';
import { openField, sealField, type OpenField, type SealField } from '#crypto/envelope.ts';
import type { Keyring, SealingKey } from '#crypto/keyring.ts';
import { err, ok } from '#base/result.ts';
import type { JsonValue } from '#modules/field-kinds.ts';
import type { OpenWireField } from '#store/outbox-store.ts';
import { KEY_IS_UNKNOWN } from '#store/remote-merge.ts';
import type { PendingField, PendingOp, RecordState } from '#store/record-state.ts';
import type { StoredRecord } from '#store/stored-record.ts';
import type { WireOp } from '#store/storage.ts';
import type { WireField, WireFields, WireValue } from '#wire/record.ts';

/** How fields are sealed for the wire and opened; by default AES-GCM. */
export interface FieldSealing {
  readonly sealField: SealField;
  readonly openField: OpenField;
}

/** The sealing of the product. */
export const aesFieldSealing: FieldSealing = { sealField, openField };

/** Parts of sealing. */
export interface SealOpsDeps {
  readonly keyring: Keyring;
  readonly random: Random;
  readonly sealing: FieldSealing;
  readonly isStructural: (table: string, field: string) => boolean;
}

const ivBytes = 12;

async function sealOne(
  deps: SealOpsDeps,
  state: RecordState,
  parts: { name: string; field: PendingField; epoch: number; key: SealingKey },
): Promise<WireField> {
  const { name, field, epoch, key } = parts;
  const { at, actor, origin } = field;
  // A structural value was checked against its schema when it was written.
  if (deps.isStructural(state.table, name)) return { v: field.v as WireValue, at, actor, origin, epoch };
  const iv: Bytes = field.sealed ? b64ToBytes(field.sealed.iv) : deps.random.bytes(ivBytes);
  const place = { space: state.space, epoch, table: state.table, id: state.id, field: name, at, actor, origin };
  return { v: await deps.sealing.sealField(key, place, { value: field.v, iv }), at, actor, origin, epoch };
}

async function sealOp(deps: SealOpsDeps, state: RecordState, op: PendingOp): Promise<WireOp | undefined> {
  const sealed = await Promise.all(
    Object.entries(op.fields).map(async ([name, field]) => {
      const epoch = field.sealed?.epoch ?? deps.keyring.currentEpoch(state.space);
      const key = await deps.keyring.tableKey(state.space, epoch, state.table);
      return key && ([name, await sealOne(deps, state, { name, field, epoch, key })] as const);
    }),
  );
  const fields: WireFields = {};
  for (const entry of sealed) {
    if (!entry) return undefined;
    fields[entry[0]] = entry[1];
  }
  return { op: op.op, fields, sent: true };
}

/** The wire forms of a record's waiting operations, in order; those made before come back byte for byte. Ends where a key is missing. */
export async function sealWaiting(deps: SealOpsDeps, { state, wires }: StoredRecord): Promise<WireOp[]> {
  const made = await Promise.all(
    state.pending.map((op) => {
      const known = wires.find((wire) => wire.op === op.op);
      return known ? { ...known, sent: true } : sealOp(deps, state, op);
    }),
  );
  const end = made.indexOf(undefined);
  return made.slice(0, end < 0 ? made.length : end).filter((wire) => wire !== undefined);
}

/** Opens arriving envelopes with the keys of an open vault. */
export function createFieldOpener(keyring: Keyring, { openField: open }: FieldSealing): OpenWireField {
  return async ({ space, table, id, field: name }, field) => {
    const { at, actor, origin, epoch } = field;
    const key = await keyring.tableKey(space, epoch, table);
    if (!key) return err(KEY_IS_UNKNOWN);
    const opened = await open(key, { space, epoch, table, id, field: name, at, actor, origin }, String(field.v));
    return opened.ok ? ok(opened.value as JsonValue) : err('FIELD_DOES_NOT_OPEN');
  };
}
