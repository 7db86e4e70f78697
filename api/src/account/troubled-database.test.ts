import { paths } from '@mana/shared/wire/endpoints';
import { expect, test } from 'bun:test';
import { openDatabaseLine, type DatabaseLine } from '../testing/database-line.ts';
import { createTestApp, type TestApp } from '../testing/test-app.ts';
import { createTestBrowser } from '../testing/test-browser.ts';
import { serverUrl } from '../testing/test-database.ts';
import { signUp, trySignIn, type TestPerson } from '../testing/test-person.ts';

// The embedded database lives in the process: it cannot be away while the process is there.
if (serverUrl) onPostgres();

const signIns = Number(process.env['MANA_SIGN_INS'] ?? 100); // a thousand in `npm run fuzz -- sign-ins`
const wrong = 'not the password';

interface Troubled {
  readonly app: TestApp;
  readonly line: DatabaseLine;
  readonly person: TestPerson;
  send(request: Request): Promise<Response>;
}

async function withLine(work: (troubled: Troubled) => Promise<void>): Promise<void> {
  let line: DatabaseLine | undefined;
  const app = await createTestApp({}, async (url) => (line = await openDatabaseLine(url)).url);
  if (!line) throw new Error('PostgreSQL is not spoken to by way of the line');
  const send = (request: Request) => app.app.handle(request);
  await work({ app, line, person: await signUp(send), send });
  await app.close();
  line.close();
}

/** Many sign-ins, right and wrong password by turns, some at once as a crowd would; what each of them was answered. */
async function crowd({ app, person, send }: Troubled): Promise<Record<string, number>> {
  const outcomes: Record<string, number> = {};
  const atOnce = 10;
  for (let round = 0; round < signIns / atOnce; round++) {
    const answers = await Promise.all(
      Array.from({ length: atOnce }, (_, index) =>
        trySignIn(createTestBrowser(send), { email: person.email, password: index % 2 === 0 ? person.password : wrong }),
      ),
    );
    for (const { status, json } of answers) {
      const outcome = `${status} ${String(json['code'])}`;
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    }
    app.clock.advance(61_000);
  }
  return outcomes;
}

const unavailable = { '503 SERVICE_UNAVAILABLE': signIns };

async function expectNoGuess({ app, person, send }: Troubled): Promise<void> {
  expect(await app.database.asOwner(`select * from auth.attempts where state = 'rejected'`)).toEqual([]);
  expect(await app.database.asOwner('select * from auth.throttles where locked_until_ms > 0')).toEqual([]);
  expect((await trySignIn(createTestBrowser(send), person)).status, 'the next one succeeds').toBe(200);
}

function onPostgres(): void {
  test('while the database is stopped every sign-in is unavailable, no counter moves, and with it back the next one succeeds', async () => {
    await withLine(async (troubled) => {
      await troubled.line.cut();
      expect(await crowd(troubled)).toEqual(unavailable);
      await troubled.line.mend();
      await expectNoGuess(troubled);
    });
  }, 300_000);

  test('while the database only reads every sign-in is unavailable, no counter moves, and when it writes again the next one succeeds', async () => {
    await withLine(async (troubled) => {
      const { app } = troubled;
      const name = new URL(app.database.databaseUrl ?? '').pathname.slice(1);
      const setReading = async (on: boolean) => {
        await app.database.asOwner(`alter database ${name} set default_transaction_read_only = ${String(on)}`);
        await troubled.line.cut(); // a setting of the database counts for new connections
        await troubled.line.mend();
      };
      await setReading(true);
      expect(await crowd(troubled)).toEqual(unavailable);
      await setReading(false);
      await expectNoGuess(troubled);
    });
  }, 300_000);

  test('a sign-in that a slow database holds up longer than a guess may take is no wrong guess, and succeeds when it goes on', async () => {
    await withLine(async (troubled) => {
      const { app, line, person } = troubled;
      const slowly = (path: string) => async (request: Request) => {
        if (new URL(request.url).pathname !== path) return app.app.handle(request);
        const held = line.hold();
        const answer = app.app.handle(request);
        await held;
        app.clock.advance(90_000);
        await line.mend();
        return answer;
      };
      for (const path of [paths.loginStart, paths.loginFinish]) {
        expect((await trySignIn(createTestBrowser(slowly(path)), person)).status, path).toBe(200);
      }
      await expectNoGuess(troubled);
    });
  }, 120_000);
}
