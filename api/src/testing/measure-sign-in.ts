// What signing in costs, request by request, on the embedded database; prints one figure a line for the bench.
import { paths } from '@mana/shared/wire/endpoints';
import { client, ready } from '@serenity-kit/opaque';
import { createApp } from '../app.ts';
import { createPages } from '../http/pages.ts';
import { createTestApp, type TestApp } from './test-app.ts';
import { createTestBrowser } from './test-browser.ts';
import { signUp, tryToSignUp } from './test-person.ts';

const starts = Number(process.argv[2] ?? 2_000); // of each kind
const signUps = Math.ceil(starts / 10);
const whole = 10;
const accounts = 20;
const fromMemory = { 'argon2id-custom': { memory: 65_536, iterations: 3, parallelism: 4 } }; // as the app's, see crypto/opaque-client

const say = (metric: string, value: number, unit: string): void =>
  void process.stdout.write(`${JSON.stringify({ metric, value, unit })}\n`);
const median = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Times of one kind of request, in ms: by the clock, and of the processor alone, which a busy machine does not stretch. */
interface Times {
  readonly clock: number[];
  readonly processor: number[];
}
const newTimes = (): Times => ({ clock: [], processor: [] });

async function timed<Value>(into: Times, work: () => Promise<Value>): Promise<Value> {
  const [startMs, before] = [performance.now(), process.cpuUsage()];
  const value = await work();
  const { user, system } = process.cpuUsage(before);
  into.clock.push(performance.now() - startMs);
  into.processor.push((user + system) / 1_000);
  return value;
}

/** The medians of two kinds, and how far they are apart. */
function sayBoth(what: string, { known, unknown }: { known: Times; unknown: Times }): void {
  for (const by of ['clock', 'processor'] as const) {
    const [one, other] = [median(known[by]), median(unknown[by])];
    say(`${what}, known address (${by})`, one, 'ms');
    say(`${what}, unknown address (${by})`, other, 'ms');
    say(`${what}: known and unknown differ by (${by})`, Math.abs(one - other), 'ms');
  }
}

const forgetCounters = ({ database }: TestApp) =>
  database.asOwner('delete from auth.attempts; delete from auth.throttles; delete from auth.network_limits');

const open = (app: TestApp) => createTestBrowser((request) => app.app.handle(request));

/** Known and unknown addresses by turns, so that whatever else the machine does meets both. */
async function measureStarts(app: TestApp, emails: readonly string[]): Promise<void> {
  const times = { known: newTimes(), unknown: newTimes() };
  const { startLoginRequest } = client.startLogin({ password: 'not the password' });
  for (let round = 0; round < starts; round++) {
    const known = emails[round % emails.length] ?? '';
    const turn = [['known', known] as const, ['unknown', `${crypto.randomUUID()}@example.org`] as const];
    for (const [kind, email] of round % 2 === 0 ? turn : turn.toReversed())
      await timed(times[kind], () => open(app).send('POST', paths.loginStart, { body: { email, startLoginRequest } }));
    await forgetCounters(app);
  }
  sayBoth('start', times);
}

async function measureWhole(app: TestApp, person: { email: string; password: string }): Promise<void> {
  const { email, password } = person;
  const [total, argon, finish] = [newTimes(), newTimes(), newTimes()];
  for (let round = 0; round < whole; round++) {
    await timed(total, async () => {
      const browser = open(app);
      const { clientLoginState, startLoginRequest } = client.startLogin({ password });
      const { json } = await browser.send('POST', paths.loginStart, { body: { email, startLoginRequest } });
      const argument = { clientLoginState, loginResponse: String(json['loginResponse']), password, keyStretching: fromMemory };
      const proven = await timed(argon, () => Promise.resolve(client.finishLogin(argument)));
      const body = { attempt: json['attempt'], finishLoginRequest: proven?.finishLoginRequest };
      const answer = await timed(finish, () => browser.send('POST', paths.loginFinish, { body }));
      if (answer.status !== 200) throw new Error(`signing in failed: ${answer.text}`);
    });
    await forgetCounters(app);
  }
  for (const by of ['clock', 'processor'] as const) {
    say(`finish (${by})`, median(finish[by]), 'ms');
    say(`whole sign-in (${by})`, median(total[by]), 'ms');
    say(`of which Argon2id (${by})`, median(argon[by]), 'ms');
  }
}

async function measureSignUps(app: TestApp, taken: readonly string[]): Promise<void> {
  const times = { known: newTimes(), unknown: newTimes() };
  for (let round = 0; round < signUps; round++) {
    for (const kind of ['known', 'unknown'] as const) {
      const email = kind === 'known' ? (taken[round % taken.length] ?? '') : `${crypto.randomUUID()}@example.org`;
      const browser = createTestBrowser((request) => {
        const finishes = new URL(request.url).pathname === paths.registerFinish;
        return finishes ? timed(times[kind], () => app.app.handle(request)) : app.app.handle(request);
      });
      const answer = await tryToSignUp(browser, { email, password: 'a password of the bench' });
      if (answer.status !== 200) throw new Error(`signing up failed: ${answer.text}`);
    }
    await forgetCounters(app);
  }
  sayBoth('sign-up by mail', times);
}

await ready;
const plain = await createTestApp({ MANA_LOG_LEVEL: 'silent' });
const emails: string[] = [];
for (let index = 0; index < accounts; index++) emails.push((await signUp((request) => plain.app.handle(request))).email);
await measureStarts(plain, emails);
// The record of this one was made with the app's own stretching.
const ada = { email: 'ada@example.org', password: 'four ferns on my window sill' };
await tryToSignUp(open(plain), { ...ada, keyStretching: fromMemory });
await measureWhole(plain, ada);
await plain.close();

// A mail server that nobody looks at: mails stay in the outbox.
const mailing = await createTestApp({ MANA_LOG_LEVEL: 'silent', SMTP_URL: 'smtp://127.0.0.1:1', MAIL_FROM: 'mana@mana.example' });
const withoutMail = { ...mailing.deps, config: { ...mailing.deps.config, mail: undefined } };
const doorWithoutMail = createApp(withoutMail, await createPages(withoutMail.config));
const taken: string[] = [];
for (let index = 0; index < accounts; index++) taken.push((await signUp((request) => doorWithoutMail.handle(request))).email);
await measureSignUps(mailing, taken);
await mailing.close();
