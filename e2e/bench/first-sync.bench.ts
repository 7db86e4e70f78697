// A new device takes over an account of 10,000 and 100,000 records of eight encrypted fields, beside the same pages fetched and stored as they come.
import { chromium } from '@playwright/test';
import { launchOptions } from '../chromium.ts';
import { newPerson } from '../person.ts';
import { openScriptPage } from '../script-page.ts';
import { ManaServer } from '../server/mana-server.ts';
import { Figures } from './measure.ts';

const named = process.argv.find((option) => option.startsWith('--records='));
const sizes = named ? [Number(named.slice('--records='.length))] : process.argv.includes('--short') ? [10_000] : [10_000, 100_000];
const targets = { usableMs: 3_000, ratio: 1.5, taskMs: 50, grownMb: 300 };

const figures = new Figures('first-sync');
const server = await ManaServer.open({ env: { MANA_LOG_LEVEL: 'warn' } });
// Without these flags Chromium rounds the size of the heap, and garbage counts as growth.
const flags = ['--enable-precise-memory-info', '--js-flags=--expose-gc'];
const browser = await chromium.launch({ ...launchOptions, args: [...launchOptions.args, ...flags] });
const open = async () =>
  openScriptPage(await browser.newContext(), 'first-sync', { address: `${server.url}/bench-page/`, workers: ['first-sync-worker'] });
try {
  for (const records of sizes) {
    const task = { ...newPerson('Ada'), records };
    const writer = await open();
    await writer.evaluate((whose) => window.fillAccount(whose), task);
    await writer.context().close();
    const reader = await open();
    const { usableMs, wholeMs, rawMs, grownMb, tasks } = await reader.evaluate((whose) => window.measureFirstSync(whose), task);
    await reader.context().close();
    const name = `${records.toLocaleString('en')} records`;
    figures.atMost(`${name}: the newest 500 are there`, usableMs, 'ms', { target: targets.usableMs });
    figures.note(`${name}: all are there`, wholeMs, 'ms');
    figures.note(`${name}: fetched and stored as they come`, rawMs, 'ms');
    figures.atMost(`${name}: all, ratio`, wholeMs / rawMs, '×', { target: targets.ratio, peer: 'fetch + bulkPut of the same pages' });
    figures.atMost(`${name}: longest task`, tasks.longestMs, 'ms', { target: targets.taskMs });
    figures.atMost(`${name}: heap grown by`, grownMb, 'MB', { target: targets.grownMb });
  }
} finally {
  await browser.close();
  await server.close();
}
figures.print();
