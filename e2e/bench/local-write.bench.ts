// From a write to its paint with 10,000 and 100,000 records, beside a bare Dexie put and live query of the same 100 rows;
// and 10,000 records in one batch, beside the same rows and cipher calls by hand.
import { chromium } from '@playwright/test';
import type { BulkRound } from '../browser-scripts/bulk-write.ts';
import { launchOptions } from '../chromium.ts';
import { openScriptPage } from '../script-page.ts';
import { Figures, median, percentile } from './measure.ts';

const sizes = process.argv.includes('--short') ? [10_000] : [10_000, 100_000];
const writes = 200;
const rounds = 3; // sides take turns: what disturbs the machine disturbs both
const targetRatio = 1.5;
const p95 = (samples: readonly number[]): number => percentile(samples, 0.95);

const figures = new Figures('local-write');
const browser = await chromium.launch(launchOptions);
for (const records of sizes) {
  const [mana, dexie]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    const context = await browser.newContext();
    const page = await openScriptPage(context, 'local-write');
    const input = { records, writes: Math.ceil(writes / rounds) };
    dexie.push(...(await page.evaluate((sizesOf) => window.measureDexie(sizesOf), input)));
    mana.push(...(await page.evaluate((sizesOf) => window.measureMana(sizesOf), input)));
    await context.close();
  }
  const name = `${records.toLocaleString('en')} records`;
  figures.note(`${name}: write → painted, p50`, median(mana), 'ms');
  figures.note(`${name}: write → painted, p95`, p95(mana), 'ms');
  figures.note(`${name}: bare Dexie, p50`, median(dexie), 'ms');
  figures.note(`${name}: bare Dexie, p95`, p95(dexie), 'ms');
  figures.atMost(`${name}: p95, ratio`, p95(mana) / p95(dexie), '×', { target: targetRatio, peer: 'Dexie put + liveQuery, 100 rows' });
}

/** Tasks that one batch writes, and how often. */
const [bulkRecords, bulkRounds] = [10_000, 5];
const maxTaskMs = 50;
const page = await openScriptPage(await browser.newContext(), 'bulk-write');
const bulk: BulkRound[] = [];
for (let round = 0; round < bulkRounds; round += 1) bulk.push(await page.evaluate((count) => window.measureBulkWrite(count), bulkRecords));
const bulkName = `${bulkRecords.toLocaleString('en')} records in one batch`;
figures.note(`${bulkName}: written, shown`, median(bulk.map(({ manaMs }) => manaMs)), 'ms');
figures.note(`${bulkName}: the same rows and cipher calls by hand`, median(bulk.map(({ rawMs }) => rawMs)), 'ms');
const bulkRatio = median(bulk.map(({ manaMs, rawMs }) => manaMs / rawMs));
figures.atMost(`${bulkName}: ratio`, bulkRatio, '×', { target: targetRatio, peer: 'bulkPut + WebCrypto' });
figures.atMost(`${bulkName}: longest task`, median(bulk.map(({ tasks }) => tasks.longestMs)), 'ms', { target: maxTaskMs });
await browser.close();
figures.print();
