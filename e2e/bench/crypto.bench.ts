// Sealing and opening 10,000 fields beside bare WebCrypto over the same bytes, in Chromium and in Bun.
import { chromium } from '@playwright/test';
import { measureCrypto, type CryptoRound } from '../browser-scripts/field-crypto.ts';
import { launchOptions } from '../chromium.ts';
import { openScriptPage } from '../script-page.ts';
import { Figures, median } from './measure.ts';

const fields = 10_000;
const rounds = 5; // the first warms the engine and is dropped
const targetRatio = 2.5; // place bytes, base64 and JSON beside a call of WebCrypto that mostly waits for its thread

async function repeat(measure: () => Promise<CryptoRound>): Promise<CryptoRound[]> {
  const all: CryptoRound[] = [];
  for (let round = 0; round < rounds; round += 1) all.push(await measure());
  return all.slice(1);
}

const figures = new Figures('crypto');

function add(runtime: string, all: readonly CryptoRound[]): void {
  for (const what of ['seal', 'open'] as const) {
    const raw = what === 'seal' ? 'rawSeal' : 'rawOpen';
    const perField = 1_000 / fields; // ms for all of them → µs each
    figures.note(`${runtime}: ${what} a field`, median(all.map((round) => round[what])) * perField, 'µs');
    figures.note(`${runtime}: bare WebCrypto`, median(all.map((round) => round[raw])) * perField, 'µs');
    const ratio = median(all.map((round) => round[what] / round[raw]));
    figures.atMost(`${runtime}: ${what}, ratio`, ratio, '×', { target: targetRatio, peer: 'bare WebCrypto' });
  }
}

const browser = await chromium.launch(launchOptions);
const page = await openScriptPage(await browser.newContext(), 'field-crypto');
add('Chromium', await repeat(() => page.evaluate((count) => window.measureCrypto(count), fields)));
await browser.close();
add('Bun', await repeat(() => measureCrypto(fields)));
figures.print();
