import { paths } from '@mana/shared/wire/endpoints';
import { newEnvelope, stampAt } from './test-ops.ts';
import type { LoadPerson } from './load-people.ts';

export interface PushLoad {
  readonly baseUrl: string;
  readonly people: readonly LoadPerson[];
  readonly opsPerPush: number;
  readonly pushesPerClient: number;
  /** Records that a client writes again and again; without it each operation makes a new one. */
  readonly recordsPerClient?: number;
}

export interface PushFigures {
  readonly opsPerSec: number;
  readonly pushMs: readonly number[];
  /** Answers that were not: every operation applied. */
  readonly failures: number;
}

let lastN = Date.now();

/** Every person pushes from one device, one push after the other, all of them at once. */
export async function measurePushes(load: PushLoad): Promise<PushFigures> {
  const prepared = load.people.map((person) => preparePushes(person, load)); // making bodies is not what is measured
  const startMs = performance.now();
  const clients = await Promise.all(prepared.map(({ person, bodies }) => pushAll(load.baseUrl, person, bodies)));
  const seconds = (performance.now() - startMs) / 1_000;
  const ops = load.people.length * load.pushesPerClient * load.opsPerPush;
  const failures = clients.reduce((total, client) => total + client.failures, 0);
  return { opsPerSec: ops / seconds, pushMs: clients.flatMap(({ pushMs }) => pushMs), failures };
}

function preparePushes(person: LoadPerson, load: PushLoad) {
  const device = Buffer.from(crypto.getRandomValues(new Uint8Array(8))).toString('hex');
  const ids = Array.from({ length: load.recordsPerClient ?? 0 }, () => crypto.randomUUID());
  const envelopes = Array.from({ length: 16 }, () => [newEnvelope(30), newEnvelope(120)] as const);
  let count = 0;
  const newOp = () => {
    const at = stampAt(Date.now() - 30_000 + Math.floor(count / 60_000), count++ % 60_000, device);
    const stamp = { at, actor: `user:${person.accountId}`, origin: 'user', epoch: 1 };
    const [title, body] = envelopes[count % envelopes.length] ?? ['', ''];
    return {
      op: crypto.randomUUID(),
      space: person.space,
      table: 'tasks',
      id: ids.length > 0 ? ids[count % ids.length] : crypto.randomUUID(),
      fields: {
        title: { ...stamp, v: title },
        notes: { ...stamp, v: body },
        done: { ...stamp, v: title },
        order: { ...stamp, v: `a${count}` },
      },
    };
  };
  const bodies = Array.from({ length: load.pushesPerClient }, () =>
    JSON.stringify({ device, n: ++lastN, generation: 1, ops: Array.from({ length: load.opsPerPush }, newOp) }),
  );
  return { person, bodies };
}

async function pushAll(baseUrl: string, { cookie }: LoadPerson, bodies: readonly string[]) {
  const pushMs: number[] = [];
  let failures = 0;
  for (const body of bodies) {
    const startMs = performance.now();
    const response = await fetch(`${baseUrl}${paths.push}`, {
      method: 'POST',
      headers: { cookie, 'content-type': 'application/json' },
      body,
    });
    const answer = (await response.json()) as { results?: { status: string }[] };
    pushMs.push(performance.now() - startMs);
    if (!answer.results?.every(({ status }) => status === 'applied')) failures += 1;
  }
  return { pushMs, failures };
}

/** Pulls all of a space, page after page, and answers how many records came and how long it took. */
export async function measurePull(baseUrl: string, { cookie, space }: LoadPerson, from = '1-0'): Promise<{ records: number; ms: number }> {
  const startMs = performance.now();
  let records = 0;
  let cursor = from;
  for (let more = true; more;) {
    const response = await fetch(`${baseUrl}${paths.pull}?space=${space}&cursor=${cursor}`, { headers: { cookie } });
    const page = (await response.json()) as { cursor: string; more: boolean; count: number };
    ({ cursor, more } = page);
    records += page.count;
  }
  return { records, ms: performance.now() - startMs };
}
