import { expect, test } from 'bun:test';
import { runKillRounds } from './kill-test.ts';
import { serverUrl } from './test-database.ts';

const seed = Number(process.env['MANA_TEST_SEED'] ?? Date.now() % 1_000_000);

test(`a server killed at random during five hundred pushes loses and doubles nothing (seed ${seed})`, async () => {
  expect(await runKillRounds(serverUrl ? 'postgres' : 'pglite', { rounds: 2, pushes: 500, seed })).toBeTrue();
}, 300_000);
