import type { Page } from '@playwright/test';

/** What a thief of the device's files would read: every row of every database, caches and local storage, as text. */
export interface BrowserDump {
  readonly databases: readonly string[];
  readonly text: string;
}

/** Reads everything that a page's origin keeps. Bytes are read as text too, so that plaintext in them is found. */
export function dumpBrowser(page: Page): Promise<BrowserDump> {
  return page.evaluate(async () => {
    const parts: string[] = [];
    const seen = new WeakSet<object>();
    const asText = (value: unknown): string => {
      if (value instanceof ArrayBuffer) return new TextDecoder().decode(value);
      if (ArrayBuffer.isView(value)) return new TextDecoder().decode(value);
      if (typeof value !== 'object' || value === null) return String(value);
      if (value instanceof CryptoKey) return `key ${value.algorithm.name} ${value.extractable ? 'EXTRACTABLE' : 'sealed'}`;
      if (seen.has(value)) return '';
      seen.add(value);
      return Object.entries(value)
        .map(([name, inner]) => `${name}=${asText(inner)}`)
        .join(' ');
    };
    const settled = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.addEventListener('success', () => resolve(request.result));
        request.addEventListener('error', () => reject(request.error));
      });
    const databases = (await indexedDB.databases()).map(({ name }) => name ?? '');
    for (const name of databases) {
      const db = await settled(indexedDB.open(name));
      for (const store of db.objectStoreNames) {
        const rows = db.transaction(store).objectStore(store);
        const [keys, values] = await Promise.all([settled(rows.getAllKeys()), settled(rows.getAll())]);
        parts.push(`${name}/${store}`, ...keys.map(asText), ...values.map(asText));
      }
      db.close();
    }
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) parts.push(request.url, (await (await cache.match(request))?.text()) ?? '');
    }
    for (const storage of [localStorage, sessionStorage]) parts.push(JSON.stringify({ ...storage }));
    parts.push(document.cookie);
    return { databases, text: parts.join('\n') };
  });
}
