import type { Brand } from './brand.ts';

/**
 * The time of a write as fixed-width text: `<ISO-8601 UTC ms>-<counter hex 4>-<device hex 16>`, 46 characters.
 * Sorts as text and is never equal on two devices.
 */
export type Stamp = Brand<string, 'Stamp'>;

/** 16 hexadecimal digits that name one local database. */
export type DeviceId = Brand<string, 'DeviceId'>;

const stampPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z-[0-9a-f]{4}-[0-9a-f]{16}$/;
const devicePattern = /^[0-9a-f]{16}$/;
const isoLength = 24;
const maxCounter = 0xffff;

/** Latest time a stamp can carry: the last millisecond of the year 9999, the end of four-digit years. */
export const MAX_STAMP_MS = 253_402_300_799_999;

/** The stamp of seeds and server-made defaults: loses to every edit. */
export const ZERO_STAMP = '1970-01-01T00:00:00.000Z-0000-0000000000000000' as Stamp;

/** Whether the text is a well-formed stamp of a real date. */
export const isStamp = (text: string): text is Stamp => stampPattern.test(text) && !Number.isNaN(Date.parse(text.slice(0, isoLength)));

/** Whether the text is a device id. */
export const isDeviceId = (text: string): text is DeviceId => devicePattern.test(text);

/** Milliseconds since 1970 of a stamp. */
export const stampMs = (stamp: Stamp): number => Date.parse(stamp.slice(0, isoLength));

/** The device that drew a stamp. */
export const stampDevice = (stamp: Stamp): DeviceId => stamp.slice(30) as DeviceId;

/** The later of two stamps. */
export const maxStamp = (a: Stamp, b: Stamp): Stamp => (a > b ? a : b);

const makeStamp = (ms: number, counter: number, device: DeviceId): Stamp =>
  `${new Date(ms).toISOString()}-${counter.toString(16).padStart(4, '0')}-${device}` as Stamp;

/**
 * Draws a stamp not before `nowMs` and strictly above `floor`.
 * Invariant 1: the result is greater than the floor. Invariant 2: with a floor in the past it is exactly now.
 * Invariant 3: a counter that is full rolls into the next millisecond.
 */
export function nextStamp(nowMs: number, device: DeviceId, floor: Stamp): Stamp {
  const plain = makeStamp(Math.min(Math.max(0, Math.trunc(nowMs)), MAX_STAMP_MS), 0, device);
  if (plain > floor) return plain;
  const counter = Number.parseInt(floor.slice(25, 29), 16) + 1;
  return counter > maxCounter ? makeStamp(stampMs(floor) + 1, 0, device) : makeStamp(stampMs(floor), counter, device);
}
