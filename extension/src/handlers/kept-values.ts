import { browser } from 'wxt/browser';
import { isAddableModule, type AddableModule } from '#app/client/line-to-write.ts';
import type { PairingProgress } from '#app/pairing/extension-pairing.ts';

/** Nothing secret lies in `storage.local`: an address and a preference. */
export async function readInstance(): Promise<string | null> {
  const { instance } = await browser.storage.local.get('instance');
  return typeof instance === 'string' ? instance : null;
}

export const keepInstance = (instance: string | null): Promise<void> =>
  instance === null ? browser.storage.local.remove('instance') : browser.storage.local.set({ instance });

export async function readModule(): Promise<AddableModule> {
  const { module } = await browser.storage.local.get('module');
  return isAddableModule(module) ? module : 'task';
}

export const keepModule = (module: AddableModule): Promise<void> => browser.storage.local.set({ module });

/** `storage.session` is memory of the browser that content scripts cannot read; the one-time key ends with the pairing. */
export const pairingProgress = {
  async read(): Promise<PairingProgress | null> {
    const { pairing } = await browser.storage.session.get<{ pairing?: PairingProgress }>('pairing');
    return pairing ?? null;
  },
  write: (pairing: PairingProgress | null): Promise<void> =>
    pairing === null ? browser.storage.session.remove('pairing') : browser.storage.session.set({ pairing }),
};
