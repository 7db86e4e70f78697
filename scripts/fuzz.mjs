// Runs the long forms of the tests: `npm run fuzz [-- <form>…]`. MANA_SEEDS, MANA_KILL_ROUNDS and MANA_FUZZ_CASES set how long.
import { install } from './tooling/install.mjs';
import { bin, run } from './tooling/run.mjs';

const seeds = process.env.MANA_SEEDS ?? '20000';
const rounds = process.env.MANA_KILL_ROUNDS ?? '20';

const cases = process.env.MANA_FUZZ_CASES ?? '10000';

/** Each answers the exit code of its runner. */
const forms = {
  async convergence() {
    const { code } = await run(bin('bun'), ['test', './shared/src/sync', './shared/src/store'], { env: { MANA_SEEDS: seeds } });
    return code;
  },
  async 'sign-ins'() {
    const { startPostgres } = await import('./tooling/postgres.mjs');
    const postgres = await startPostgres();
    const env = { MANA_SIGN_INS: '1000', DATABASE_URL_TEST: postgres.url };
    const tests = ['./api/src/account/broken-database.test.ts', './api/src/account/troubled-database.test.ts'];
    const { code } = await run(bin('bun'), ['test', ...tests], { env });
    await postgres.stop();
    return code;
  },
  async kill() {
    const { code } = await run(bin('bun'), ['api/src/testing/kill-test.ts', 'pglite,postgres', rounds]);
    return code;
  },
  async routes() {
    const { code } = await run(bin('bun'), ['test', './api/src/route-fuzz.test.ts'], {
      env: { MANA_FUZZ_CASES: cases, DATABASE_URL_TEST: '' },
    });
    return code;
  },
};

const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !Object.hasOwn(forms, name));
if (unknown.length > 0) {
  process.stderr.write(`No such form: ${unknown.join(', ')}. There are: ${Object.keys(forms).join(', ')}\n`);
  process.exit(1);
}
await install();
let failed = 0;
for (const name of chosen.length > 0 ? chosen : Object.keys(forms)) {
  process.stdout.write(`\n── ${name}\n`);
  if ((await forms[name]()) !== 0) failed += 1;
}
process.exit(failed === 0 ? 0 : 1);
