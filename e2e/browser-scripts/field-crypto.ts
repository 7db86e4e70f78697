import { openField, sealField, type FieldPlace } from '@mana/shared/crypto/envelope';
import { importSealingKey } from '@mana/shared/crypto/primitives';

/** Times of one round over all fields, in milliseconds. */
export interface CryptoRound {
  readonly seal: number;
  readonly open: number;
  readonly rawSeal: number;
  readonly rawOpen: number;
}

const batch = 500; // as many as one push holds: the product seals and opens in such batches

async function inBatches<T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> {
  const all: T[] = [];
  for (let from = 0; from < count; from += batch)
    all.push(...(await Promise.all(Array.from({ length: Math.min(batch, count - from) }, (_, index) => work(from + index)))));
  return all;
}

const place = (index: number): FieldPlace => ({
  space: '01a2111d-617f-79de-b8f0-c63a3e4c5815',
  epoch: 1,
  table: 'tasks',
  id: `01a2111d-617f-79de-b8f0-${String(index).padStart(12, '0')}`,
  field: 'title',
  at: '2026-11-25T05:00:00.000Z-0000-0123456789abcdef',
  actor: 'user:01a2111d-617f-79de-b8f0-c63a3e4c5816',
  origin: 'user',
});

async function timed<T>(work: () => Promise<T>): Promise<[number, T]> {
  const started = performance.now();
  const value = await work();
  return [performance.now() - started, value];
}

/** Seals and opens `count` fields of about 40 characters by the product, then the same bytes by bare WebCrypto. */
export async function measureCrypto(count: number): Promise<CryptoRound> {
  const key = await importSealingKey(crypto.getRandomValues(new Uint8Array(32)));
  const ivs = Array.from({ length: count }, () => crypto.getRandomValues(new Uint8Array(12)));
  const iv = (index: number) => ivs[index] ?? new Uint8Array(12);
  const text = (index: number) => `call the dentist about tooth number ${index}`;
  const [seal, envelopes] = await timed(() =>
    inBatches(count, (index) => sealField(key, place(index), { value: text(index), iv: iv(index) })),
  );
  const [open, opened] = await timed(() => inBatches(count, (index) => openField(key, place(index), envelopes[index] ?? '')));
  if (!opened.every((result, index) => result.ok && result.value === text(index))) throw new Error('a field does not open');

  const encoder = new TextEncoder();
  const additionalData = encoder.encode(JSON.stringify(place(0)));
  const parameters = (index: number) => ({ name: 'AES-GCM', iv: iv(index), additionalData });
  const plain = Array.from({ length: count }, (_, index) => encoder.encode(JSON.stringify(text(index))));
  const [rawSeal, sealed] = await timed(() =>
    inBatches(count, (index) => crypto.subtle.encrypt(parameters(index), key, plain[index] ?? new Uint8Array())),
  );
  const [rawOpen] = await timed(() =>
    inBatches(count, (index) => crypto.subtle.decrypt(parameters(index), key, sealed[index] ?? new ArrayBuffer())),
  );
  return { seal, open, rawSeal, rawOpen };
}

declare global {
  interface Window {
    measureCrypto: typeof measureCrypto;
  }
}

if (typeof window !== 'undefined') window.measureCrypto = measureCrypto;
