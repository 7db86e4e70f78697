// Runs every test: `npm test`. `--only check,unit,build,e2e` runs some of the parts.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { install } from './tooling/install.mjs';
import { bin, root, run } from './tooling/run.mjs';

const unitLimitMs = 15 * 60_000; // an end for what hangs: on 2 calm cores everything together takes at most 25 minutes
const testLimitMs = 120_000; // an end for a test that hangs, far above what any takes on a busy machine
const browserLimitMs = 40 * 60_000;

const only = process.argv.find((argument, index) => process.argv[index - 1] === '--only')?.split(',');
const wants = (name) => !only || only.includes(name);
const reports = mkdtempSync(join(tmpdir(), 'mana-test-'));
const results = [];

/** Runs one part; what it throws is one failure with a reason. */
async function part(name, work) {
  process.stdout.write(`\n── ${name}\n`);
  const startedMs = performance.now();
  const count = await work().catch((error) => {
    process.stderr.write(`${error.message}\n`);
    return { passed: 0, failed: 1 };
  });
  results.push({ name, seconds: (performance.now() - startedMs) / 1000, ...count });
}

/** A runner that fails with no failed test on its report died: that counts as one. */
const judged = (count, { code, reason }) => {
  const failed = code !== 0 && count.failed === 0 ? 1 : count.failed;
  if (failed > count.failed) process.stderr.write(`The runner ended with ${reason ?? code}.\n`);
  return { ...count, failed };
};

async function bunTest(name, folder, env = {}) {
  const { countJunit } = await import('./tooling/count.mjs');
  const report = join(reports, `${name.replaceAll(/\W+/g, '-')}.xml`);
  const args = ['test', folder, '--reporter=junit', `--timeout=${testLimitMs}`, `--reporter-outfile=${report}`];
  const ended = await run(bin('bun'), args, { cwd: root, env: { NODE_ENV: 'test', ...env }, limitMs: unitLimitMs });
  return judged(countJunit(report), ended);
}

async function apiOnPostgres() {
  const { startPostgres } = await import('./tooling/postgres.mjs');
  const postgres = await startPostgres();
  try {
    return await bunTest('api on PostgreSQL', './api/src', { DATABASE_URL_TEST: postgres.url });
  } finally {
    await postgres.stop();
  }
}

async function unit() {
  await part('shared', () => bunTest('shared', './shared/src'));
  await part('api on PGlite', () => bunTest('api on PGlite', './api/src', { DATABASE_URL_TEST: '' }));
  await part('api on PostgreSQL', apiOnPostgres);
  await part('app, units', () => bunTest('app', './pwa/src'));
  await part('extension, units', () => bunTest('extension', './extension/src'));
}

async function build() {
  const { buildStale } = await import('./tooling/build.mjs');
  await buildStale();
  return { passed: 1, failed: 0 };
}

async function browser() {
  const { findChromium } = await import('./tooling/chromium.mjs');
  const { countPlaywright } = await import('./tooling/count.mjs');
  const chromium = await findChromium();
  if (!chromium) throw new Error('No Chromium: set PLAYWRIGHT_CHROMIUM, or install it (Debian: apt-get install chromium).');
  const report = join(reports, 'playwright.json');
  const env = { PLAYWRIGHT_CHROMIUM: chromium, PLAYWRIGHT_JSON_OUTPUT_NAME: report, FORCE_COLOR: '0' };
  const ended = await run(bin('playwright'), ['test', '--reporter=list,json'], { env, limitMs: browserLimitMs });
  return judged(countPlaywright(report), ended);
}

async function checks() {
  const { runChecks } = await import('./check.mjs');
  return runChecks();
}

await install();
if (wants('check')) await part('checks', checks);
if (wants('unit')) await unit();
if (wants('build') || wants('e2e')) await part('build', build);
if (wants('e2e')) await part('end to end', browser);

const { sum } = await import('./tooling/count.mjs');
const { passed, failed, skipped } = sum(results);
process.stdout.write('\n── summary\n');
for (const { name, seconds, ...count } of results)
  process.stdout.write(
    `${name.padEnd(20)} ${String(count.passed).padStart(5)} passed ${String(count.failed).padStart(4)} failed ${seconds.toFixed(0).padStart(5)} s\n`,
  );
if (skipped > 0) process.stdout.write(`${skipped} do not apply to the project that met them.\n`);
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
rmSync(reports, { recursive: true, force: true });
process.exit(failed > 0 || passed === 0 ? 1 : 0);
