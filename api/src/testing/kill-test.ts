import type { PullAnswer, PushAnswer } from '@mana/shared/wire/sync';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from './postgres.ts';
import { createServerProcess, type ServerProcess } from './server-process.ts';
import { createPostgresDatabase, pgliteTemplate } from './test-database.ts';
import { fieldOf, opOf, pull, push, stampAt } from './test-ops.ts';
import { signUp, type TestPerson } from './test-person.ts';

/** What one round of killing showed. */
export interface KillRound {
  readonly acknowledged: number;
  readonly repeated: number;
  readonly lost: number;
  readonly doubled: number;
  readonly changedAnswers: number;
  readonly kills: number;
}

interface RoundPlan {
  readonly pushes: number;
  readonly kills: number;
  readonly databaseUrl: string | undefined;
  readonly nextRandom: () => number;
}

const clients = 6;
const accounts = 3; // pushes of several share a commit, pushes of one follow each other

/** One round: devices push while the server is killed at random moments and started again; then what was acknowledged is looked for. */
export async function runKillRound(plan: RoundPlan): Promise<KillRound> {
  const dataDir = mkdtempSync(join(tmpdir(), 'mana-kill-'));
  if (!plan.databaseUrl) cpSync(await pgliteTemplate(), dataDir, { recursive: true });
  const server = createServerProcess({ dataDir, databaseUrl: plan.databaseUrl });
  await server.start();
  try {
    const people = await Promise.all(Array.from({ length: accounts }, () => signUp(fetch, { baseUrl: server.baseUrl() })));
    let done = 0;
    const workers = Array.from({ length: clients / accounts }, (_, index) =>
      people.map((person) =>
        pushUntilDone(person, {
          device: `${'0'.repeat(15)}${index + 1}`,
          pushes: Math.ceil(plan.pushes / clients),
          server,
          onDone: () => done++,
        }),
      ),
    );
    const killAt = Array.from({ length: plan.kills }, () => Math.floor(plan.nextRandom() * plan.pushes * 0.95)).toSorted((a, b) => a - b);
    const killer = killWhen(killAt, { done: () => done, server, nextRandom: plan.nextRandom });
    const outcomes = await Promise.all(people.map((_, place) => Promise.all(workers.flatMap((each) => each[place] ?? []))));
    await killer;
    const compared: Omit<KillRound, 'kills'>[] = [];
    for (const [place, person] of people.entries()) compared.push(await compare(person, outcomes[place] ?? [], server));
    return { ...sumOf(compared), kills: plan.kills };
  } finally {
    await server.kill();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

function sumOf(parts: readonly Omit<KillRound, 'kills'>[]): Omit<KillRound, 'kills'> {
  const sum = (name: keyof Omit<KillRound, 'kills'>) => parts.reduce((total, part) => total + part[name], 0);
  return {
    acknowledged: sum('acknowledged'),
    repeated: sum('repeated'),
    lost: sum('lost'),
    doubled: sum('doubled'),
    changedAnswers: sum('changedAnswers'),
  };
}

interface PushOutcome {
  readonly acknowledged: Map<string, { id: string; envelope: unknown; seq: number }>;
  readonly repeated: number;
  readonly changedAnswers: number;
}

interface WorkerPlan {
  readonly device: string;
  readonly pushes: number;
  readonly server: ServerProcess;
  readonly onDone: () => void;
}

/** Pushes one operation after the other; without an answer the same bytes go out again, as a device does. */
async function pushUntilDone(person: TestPerson, plan: WorkerPlan): Promise<PushOutcome> {
  const acknowledged: PushOutcome['acknowledged'] = new Map();
  let repeated = 0;
  let changedAnswers = 0;
  for (let n = 1; n <= plan.pushes; n++) {
    const title = fieldOf(person, stampAt(Date.now(), n, plan.device));
    const op = opOf(person, { title });
    const send = () => sendOnce({ ...person, browser: plan.server.browserOf(person) }, { device: plan.device, n, op });
    let answer = await send();
    for (; !answer; answer = await send()) {
      repeated++;
      await plan.server.whenReady();
    }
    const again = n % 50 === 0 ? await send() : undefined;
    if (again && JSON.stringify(again.results) !== JSON.stringify(answer.results)) changedAnswers++;
    acknowledged.set(op.op, { id: op.id, envelope: title.v, seq: answer.results[0]?.seq ?? 0 });
    plan.onDone();
  }
  return { acknowledged, repeated, changedAnswers };
}

async function sendOnce(
  person: TestPerson,
  { device, n, op }: { device: string; n: number; op: unknown },
): Promise<PushAnswer | undefined> {
  try {
    const answer = await push(person, [op], { device, n });
    return answer.status === 200 ? (answer.json as unknown as PushAnswer) : undefined;
  } catch {
    return undefined;
  }
}

async function killWhen(
  places: readonly number[],
  { done, server, nextRandom }: { done: () => number; server: ServerProcess; nextRandom: () => number },
): Promise<void> {
  for (const place of places) {
    while (done() < place) await Bun.sleep(1);
    await Bun.sleep(nextRandom() * 5); // into the middle of whatever runs
    await server.kill();
    await server.start();
  }
}

const madeWithAccount = 2; // records: the singletons of account and space

async function compare(person: TestPerson, outcomes: readonly PushOutcome[], server: ServerProcess): Promise<Omit<KillRound, 'kills'>> {
  const reader = { ...person, browser: server.browserOf(person) };
  const stored = new Map<string, { envelope: unknown; seq: number; times: number }>();
  let cursor = `1-${madeWithAccount}`;
  for (let more = true; more;) {
    const page = (await pull(reader, { cursor })).json as unknown as PullAnswer;
    for (const { id, seq, fields } of page.records) {
      stored.set(id, { envelope: fields['title']?.v, seq, times: (stored.get(id)?.times ?? 0) + 1 });
    }
    ({ cursor, more } = page);
  }
  const acknowledged = outcomes.flatMap((outcome) => [...outcome.acknowledged.values()]);
  const lost = acknowledged.filter(({ id, envelope, seq }) => stored.get(id)?.envelope !== envelope || stored.get(id)?.seq !== seq);
  const seqs = [...stored.values()].map(({ seq }) => seq);
  const doubled =
    stored.size -
    acknowledged.length +
    (seqs.length - new Set(seqs).size) +
    (Math.max(madeWithAccount, ...seqs) - madeWithAccount - seqs.length);
  const sum = (pick: (outcome: PushOutcome) => number) => outcomes.reduce((total, outcome) => total + pick(outcome), 0);
  return {
    acknowledged: acknowledged.length,
    repeated: sum(({ repeated }) => repeated),
    lost: lost.length,
    doubled,
    changedAnswers: sum(({ changedAnswers }) => changedAnswers),
  };
}

/** mulberry32: the same seed gives the same kills. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const isGood = ({ lost, doubled, changedAnswers }: KillRound): boolean => lost + doubled + changedAnswers === 0;

/** Runs rounds on one kind of database and prints a line for each; false when anything was lost or doubled. */
export async function runKillRounds(
  kind: 'pglite' | 'postgres',
  options: { rounds: number; pushes: number; seed: number },
): Promise<boolean> {
  const given = process.env['DATABASE_URL_TEST'];
  const server = kind === 'postgres' && !given ? await startPostgres() : undefined;
  const serverUrl = given ?? server?.url;
  let good = true;
  for (let round = 1; round <= options.rounds; round++) {
    const nextRandom = seededRandom(options.seed + round);
    const databaseUrl = kind === 'postgres' && serverUrl ? await createPostgresDatabase(serverUrl) : undefined;
    const result = await runKillRound({ pushes: options.pushes, kills: 1 + Math.floor(nextRandom() * 3), databaseUrl, nextRandom });
    good &&= isGood(result);
    process.stdout.write(`${kind} round ${round}/${options.rounds} seed ${options.seed + round} ${JSON.stringify(result)}\n`);
  }
  await server?.stop();
  return good;
}

if (import.meta.main) {
  const [kinds = 'pglite,postgres', rounds = '2', pushes = '1000', seed = String(Date.now() % 1_000_000)] = process.argv.slice(2);
  let good = true;
  for (const kind of ['pglite', 'postgres'] as const) {
    if (!kinds.includes(kind)) continue;
    good = (await runKillRounds(kind, { rounds: Number(rounds), pushes: Number(pushes), seed: Number(seed) })) && good;
  }
  process.stdout.write(good ? 'no acknowledged operation was lost, none doubled\n' : 'FAILED\n');
  process.exit(good ? 0 : 1);
}
