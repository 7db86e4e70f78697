import { expect, test } from 'bun:test';
import aesGcm from './fixtures/aes_gcm_test.json';
import hkdf from './fixtures/hkdf_sha256_test.json';
import pbkdf2 from './fixtures/pbkdf2_hmacsha256_test.json';
import { runVectors } from './vectors.ts';

test('the Wycheproof vectors of AES-GCM-256, HKDF and PBKDF2 pass', async () => {
  expect(await runVectors({ aesGcm, hkdf, pbkdf2 })).toEqual({
    aesGcm: { run: 66, failed: [] },
    hkdf: { run: 86, failed: [] },
    pbkdf2: { run: 60, failed: [] },
  });
});

test('a vector that was tampered with fails', async () => {
  const text = JSON.stringify(aesGcm).replaceAll('"result":"invalid"', '"result":"valid"');
  const counts = await runVectors({ aesGcm: JSON.parse(text), hkdf, pbkdf2 });
  expect(counts.aesGcm.failed.length).toBeGreaterThan(0);
});
