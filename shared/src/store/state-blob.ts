import { bytesToText, textToBytes, type Bytes } from '#base/bytes.ts';
import { stampDevice, stampMs, type Stamp } from '#base/hybrid-clock.ts';
import type { JsonValue } from '#modules/field-kinds.ts';
import type { Origin } from '#wire/record.ts';
import { parseRecordKey, type HeldField, type PendingField, type PendingOp, type RecordState } from './record-state.ts';

// [Note: compact stamps] A stamp is 46 characters, an actor 41: written with each field they would outweigh the
// person's words. A blob holds each device, actor and stamp once; fields name their stamp by number.

type PackedStamp = readonly [ms: number, counter: number, device: number, actor: number, origin: Origin];
type PackedField = readonly [name: string, v: JsonValue, stamp: number, epoch?: number, iv?: string];
interface PackedOp {
  readonly o: string;
  readonly f: readonly PackedField[];
  readonly m: number;
  readonly t: 0 | 1;
  readonly b: number;
  readonly x?: 1;
  readonly l?: 1;
  readonly r?: 1;
}
interface PackedState {
  readonly q: number;
  /** Devices. */
  readonly d: readonly string[];
  /** Actors. */
  readonly c: readonly string[];
  /** Stamps. */
  readonly s: readonly PackedStamp[];
  /** Acknowledged fields. */
  readonly a: readonly PackedField[];
  /** Waiting operations. */
  readonly p?: readonly PackedOp[];
}

type Stamped = Pick<HeldField, 'at' | 'actor' | 'origin'>;

class Packer {
  readonly devices: string[] = [];
  readonly actors: string[] = [];
  readonly stamps: PackedStamp[] = [];
  readonly #known = new Map<string, number>();

  stamp({ at, actor, origin }: Stamped): number {
    const name = `${at}${origin}${actor}`;
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const counter = Number.parseInt(at.slice(25, 29), 16);
    const packed = [stampMs(at), counter, place(this.devices, stampDevice(at)), place(this.actors, actor), origin] as const;
    this.#known.set(name, this.stamps.length);
    return this.stamps.push(packed) - 1;
  }
}

function place(list: string[], text: string): number {
  const index = list.indexOf(text);
  return index >= 0 ? index : list.push(text) - 1;
}

const baseStamped = (base: Stamp): Stamped => ({ at: base, actor: '', origin: 'system' });

/** A record's state as it is sealed. */
export function packState(state: RecordState): Bytes {
  const packer = new Packer();
  const acked = Object.entries(state.acked).map(([name, field]): PackedField => {
    const stamp = packer.stamp(field);
    return field.iv === '' ? [name, field.v, stamp, field.epoch] : [name, field.v, stamp, field.epoch, field.iv];
  });
  const pending = state.pending.map((op): PackedOp => ({
    o: op.op,
    f: Object.entries(op.fields).map(([name, field]): PackedField => packPending(packer, name, field)),
    m: op.madeMs,
    t: op.trusted ? 1 : 0,
    b: packer.stamp(baseStamped(op.base)),
    ...(op.fixed ? { x: 1 as const } : {}),
    ...(op.late ? { l: 1 as const } : {}),
    ...(op.housekeeping ? { r: 1 as const } : {}),
  }));
  const packed: PackedState = {
    q: state.seq,
    d: packer.devices,
    c: packer.actors,
    s: packer.stamps,
    a: acked,
    ...(pending.length > 0 ? { p: pending } : {}),
  };
  return textToBytes(JSON.stringify(packed));
}

const packPending = (packer: Packer, name: string, field: PendingField): PackedField => {
  const stamp = packer.stamp(field);
  return field.sealed ? [name, field.v, stamp, field.sealed.epoch, field.sealed.iv] : [name, field.v, stamp];
};

const isoOf = (ms: number): string => new Date(ms).toISOString();

function unpackStamps(packed: PackedState): Stamped[] {
  return packed.s.map(([ms, counter, device, actor, origin]) => ({
    at: `${isoOf(ms)}-${counter.toString(16).padStart(4, '0')}-${packed.d[device]}` as Stamp,
    actor: packed.c[actor] ?? '',
    origin,
  }));
}

const unknownStamp = (): never => {
  throw new Error('A stored record names a stamp that it does not hold');
};

/** Reads a record's state; throws when the bytes are none: they were authenticated, so that is a bug. */
export function unpackState(key: string, bytes: Bytes): RecordState {
  const packed = JSON.parse(bytesToText(bytes)) as PackedState;
  const stamps = unpackStamps(packed);
  const stampAt = (index: number): Stamped => stamps[index] ?? unknownStamp();
  const acked: Record<string, HeldField> = {};
  for (const [name, v, stamp, epoch = 0, iv = ''] of packed.a) acked[name] = { v, ...stampAt(stamp), epoch, iv };
  const pending = (packed.p ?? []).map((op): PendingOp => {
    const fields: Record<string, PendingField> = {};
    for (const [name, v, stamp, epoch, iv] of op.f) {
      fields[name] = { v, ...stampAt(stamp), ...(epoch === undefined ? {} : { sealed: { epoch, iv: iv ?? '' } }) };
    }
    const marks = { ...(op.x ? { fixed: true } : {}), ...(op.l ? { late: true } : {}), ...(op.r ? { housekeeping: true } : {}) };
    return { op: op.o, fields, madeMs: op.m, trusted: op.t === 1, base: stampAt(op.b).at, ...marks };
  });
  return { ...parseRecordKey(key), seq: packed.q, acked, pending };
}
