import { newDeviceState, type DeviceState, type DeviceVault } from './device-vault.ts';

/** A device's memory that ends with the process, for tests and for browsers that keep nothing. */
export function createMemoryDeviceVault(): DeviceVault {
  let stored: Promise<DeviceState> | undefined;
  const read = (): Promise<DeviceState> => (stored ??= newDeviceState());
  return {
    read,
    update(change) {
      stored = read().then(change);
      return stored;
    },
  };
}
