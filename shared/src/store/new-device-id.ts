import { bytesToHex } from '#base/bytes.ts';
import type { DeviceId } from '#base/hybrid-clock.ts';
import type { Random } from '#base/random.ts';

/** Draws the name of a local database. */
export const newDeviceId = (random: Random): DeviceId => bytesToHex(random.bytes(8)) as DeviceId;
