/** What the browser says about this site's storage. */
export interface StorageUse {
  /** Whether the browser promised not to delete it by itself. */
  readonly persisted: boolean;
  readonly usedBytes: number | undefined;
  readonly quotaBytes: number | undefined;
}

export async function readStorageUse(): Promise<StorageUse> {
  const { storage } = navigator;
  const [persisted, estimate] = await Promise.all([storage?.persisted?.() ?? false, storage?.estimate?.()]);
  return { persisted, usedBytes: estimate?.usage, quotaBytes: estimate?.quota };
}

/** Asks the browser to keep the storage; it may say no without asking the person. */
export const keepStorage = async (): Promise<boolean> => (await navigator.storage?.persist?.()) ?? false;
