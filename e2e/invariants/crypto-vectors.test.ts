import { expect, test } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openScriptPage } from '../script-page.ts';
import { root } from '../server/mana-server.ts';

const text = (name: string): string => readFileSync(join(root, 'shared/src/crypto/fixtures', `${name}_test.json`), 'utf8');
const files = { aesGcm: text('aes_gcm'), hkdf: text('hkdf_sha256'), pbkdf2: text('pbkdf2_hmacsha256') };
const parsed = (aesGcm: string) => ({ aesGcm: JSON.parse(aesGcm), hkdf: JSON.parse(files.hkdf), pbkdf2: JSON.parse(files.pbkdf2) });

test('the Wycheproof vectors of AES-GCM-256, HKDF and PBKDF2 pass in Chromium', async ({ context }) => {
  const page = await openScriptPage(context, 'vectors');
  expect(await page.evaluate((input) => window.runVectors(input), parsed(files.aesGcm))).toEqual({
    aesGcm: { run: 66, failed: [] },
    hkdf: { run: 86, failed: [] },
    pbkdf2: { run: 60, failed: [] },
  });
  const tampered = files.aesGcm.replaceAll(/"result"\s*:\s*"invalid"/g, '"result":"valid"');
  const { aesGcm } = await page.evaluate((input) => window.runVectors(input), parsed(tampered));
  expect(aesGcm.failed.length, 'a vector that was tampered with is noticed').toBeGreaterThan(0);
});
