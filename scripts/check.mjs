// Checks the project without running it: `npm run check`. `-- <words>` runs the checks whose title has one of the words.
import { allChecks } from './checks/list.mjs';
import { install } from './tooling/install.mjs';
import { prepare } from './tooling/prepare.mjs';

const shownProblems = 60;

/** Runs the checks, two at a time, and answers how many passed and failed. */
export async function runChecks(words = []) {
  await prepare();
  const waiting = (await allChecks()).filter(({ title }) => words.length === 0 || words.some((word) => title.includes(word)));
  const count = { passed: 0, failed: 0 };
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) tell(next.title, await next.check(), count);
  };
  await Promise.all([worker(), worker()]);
  return count;
}

function tell(title, problems, count) {
  count[problems.length === 0 ? 'passed' : 'failed'] += 1;
  process.stdout.write(`${problems.length === 0 ? '✓' : '✗'} ${title}\n`);
  for (const problem of problems.slice(0, shownProblems)) process.stdout.write(`    ${problem}\n`);
  if (problems.length > shownProblems) process.stdout.write(`    … ${problems.length - shownProblems} more\n`);
}

if (import.meta.url === `file://${process.argv[1]}`) {
  await install();
  const { passed, failed } = await runChecks(process.argv.slice(2));
  process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
  process.exit(failed > 0 || passed === 0 ? 1 : 0);
}
