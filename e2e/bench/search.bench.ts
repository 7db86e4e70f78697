// Full-text search over 50,000 and 100,000 tasks and notes in a browser: the time of an answer, of building the index, and what it weighs.
import { chromium } from '@playwright/test';
import { launchOptions } from '../chromium.ts';
import { openScriptPage } from '../script-page.ts';
import { Figures, median } from './measure.ts';

const sizes = process.argv.includes('--short') ? [50_000] : [50_000, 100_000];
const targets = { answerMs: 50, taskMs: 50 };

const figures = new Figures('search');
// Without this flag Chromium rounds the size of the heap.
const browser = await chromium.launch({ ...launchOptions, args: [...launchOptions.args, '--enable-precise-memory-info'] });
for (const records of sizes) {
  const context = await browser.newContext();
  const page = await openScriptPage(context, 'search');
  const { buildMs, tasks, answersMs, heapMb } = await page.evaluate((count) => window.measureSearch(count), records);
  await context.close();
  const name = `${records.toLocaleString('en')} records`;
  figures.note(`${name}: an answer, p50 of ${answersMs.length} queries`, median(answersMs), 'ms');
  figures.atMost(`${name}: the slowest answer`, Math.max(...answersMs), 'ms', { target: targets.answerMs });
  figures.note(`${name}: index built`, buildMs, 'ms');
  figures.atMost(`${name}: longest task while it is built`, tasks.longestMs, 'ms', { target: targets.taskMs });
  figures.note(`${name}: index in memory`, heapMb, 'MB');
}
await browser.close();
figures.print();
