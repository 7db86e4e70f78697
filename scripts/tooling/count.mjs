import { existsSync, readFileSync } from 'node:fs';

const none = { passed: 0, failed: 0, skipped: 0 };

/** What a JUnit report of `bun test` counts; a report that is missing or empty is a failure. */
export function countJunit(path) {
  const [head] = (existsSync(path) && readFileSync(path, 'utf8').match(/<testsuites[^>]*>/)) || [];
  if (!head) return { ...none, failed: 1 };
  const number = (name) => Number(head.match(new RegExp(`\\b${name}="(\\d+)"`))?.[1] ?? 0);
  const failed = number('failures') + number('errors');
  return { passed: number('tests') - failed - number('skipped'), failed, skipped: number('skipped') };
}

/** What a JSON report of Playwright counts; a flaky test has failed once, and that is told as a failure. */
export function countPlaywright(path) {
  if (!existsSync(path)) return { ...none, failed: 1 };
  const { stats, errors = [] } = JSON.parse(readFileSync(path, 'utf8'));
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky + errors.length, skipped: stats.skipped };
}

export const sum = (counts) =>
  counts.reduce(
    (total, count) => ({
      passed: total.passed + count.passed,
      failed: total.failed + count.failed,
      skipped: total.skipped + (count.skipped ?? 0),
    }),
    none,
  );
