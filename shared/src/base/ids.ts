import { bytesToHex } from './bytes.ts';
import type { Clock } from './clock.ts';
import type { Random } from './random.ts';

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Whether the text is a lower-case UUID of any version. */
export const isUuid = (text: string): boolean => uuidPattern.test(text);

/** The first 16 bytes as a UUID of the given version. */
export function formatUuid(bytes: Uint8Array, version: number): string {
  const copy = bytes.slice(0, 16);
  copy[6] = ((copy[6] ?? 0) & 0x0f) | (version << 4);
  copy[8] = ((copy[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytesToHex(copy);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** A new record id: UUIDv7, so that ids sort by the time they were made. */
export function newId(deps: { clock: Clock; random: Random }): string {
  const bytes = deps.random.bytes(16);
  const view = new DataView(bytes.buffer);
  const nowMs = Math.max(0, deps.clock.nowMs());
  view.setUint16(0, Math.floor(nowMs / 2 ** 32));
  view.setUint32(2, nowMs >>> 0);
  return formatUuid(bytes, 7);
}
