import { afterAll, expect, test } from 'bun:test';
import { fuzzGroup, readOperations } from './testing/route-fuzz.ts';
import { createTestApp } from './testing/test-app.ts';

const seed = Number(process.env['MANA_TEST_SEED'] ?? Date.now() % 1_000_000);
// `npm test` runs this on both databases: together a twentieth of what `npm run fuzz -- routes` sends.
const cases = Number(process.env['MANA_FUZZ_CASES'] ?? '250');

const app = await createTestApp({ MANA_LOG_LEVEL: 'silent' });
const operations = await readOperations(app);
afterAll(() => app.close());

for (const group of new Set(operations.map((operation) => operation.group))) {
  test(`whatever is sent to ${group} is answered without an error of the server, an echo or a stack trace (seed ${seed})`, async () => {
    await fuzzGroup(app, operations, { group, cases, seed });
  }, 1_800_000);
}

test('the groups hold every operation of the description', () => {
  expect(operations.length).toBeGreaterThan(20);
});
