// Measures the server from outside and prints one `{ metric, value, unit }` a line: bun run-load.ts <pglite|postgres> <pushes|crowd>…
import { createLiveCrowd } from './load-crowd.ts';
import { openLoadTarget, type DatabaseKind, type LoadTarget } from './load-target.ts';
import { measurePull, measurePushes, type PushFigures, type PushLoad } from './load-pushes.ts';
import { processorMs, residentMb } from './process-cost.ts';

const clients = 20;
const crowd = Number(process.env['MANA_CROWD'] ?? '1000');

const print = (metric: string, value: number, unit: string): void => {
  process.stdout.write(`${JSON.stringify({ metric, value, unit })}\n`);
};

const percentile = (samples: readonly number[], share: number): number => {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
};

function printPushes(name: string, { opsPerSec, pushMs, failures }: PushFigures): void {
  print(`${name}: pushed`, opsPerSec, 'ops/s');
  print(`${name}: answer p50`, percentile(pushMs, 0.5), 'ms');
  print(`${name}: answer p95`, percentile(pushMs, 0.95), 'ms');
  if (failures > 0) print(`${name}: failed`, failures, 'pushes');
}

async function runPushes({ server, people }: LoadTarget): Promise<void> {
  const baseUrl = server.baseUrl();
  const one = people.slice(0, 1);
  const twenty = people.slice(1, 1 + clients);
  const measure = async (name: string, load: Omit<PushLoad, 'baseUrl'>) => {
    const before = await processorMs(server.pid());
    printPushes(name, await measurePushes({ ...load, baseUrl }));
    const pushes = load.people.length * load.pushesPerClient;
    print(`${name}: processor time of the server`, ((await processorMs(server.pid())) - before) / pushes, 'ms/push');
  };
  await measurePushes({ baseUrl, people, opsPerPush: 1, pushesPerClient: 5 }); // the first ones plan and compile
  await measure('1 client, 1 op a push', { people: one, opsPerPush: 1, pushesPerClient: 100 });
  await measure('20 clients, 1 op a push', { people: twenty, opsPerPush: 1, pushesPerClient: 20 });
  await measure('20 clients, 10 ops a push', { people: twenty, opsPerPush: 10, pushesPerClient: 10 });
  await measure('20 clients, 100 ops a push', { people: twenty, opsPerPush: 100, pushesPerClient: 4 });
  await runPulls(baseUrl, people.slice(1 + clients));
}

const pulledRecords = 500;
const rewrites = 20;

/** The same records, written once and written again and again: what is pulled is their state. */
async function runPulls(baseUrl: string, [once, often]: LoadTarget['people']): Promise<void> {
  if (!once || !often) throw new Error('two more people are needed');
  const load = { baseUrl, opsPerPush: pulledRecords, recordsPerClient: pulledRecords };
  await measurePushes({ ...load, people: [once], pushesPerClient: 1 });
  await measurePushes({ ...load, people: [often], pushesPerClient: rewrites });
  const [fresh, old] = [[] as number[], [] as number[]];
  for (let round = 0; round < 11; round++) {
    fresh.push((await measurePull(baseUrl, once)).ms);
    old.push((await measurePull(baseUrl, often)).ms);
  }
  print(`pull of ${pulledRecords} records, p50`, percentile(fresh, 0.5), 'ms');
  print(`the same, each rewritten ${rewrites} times, p50`, percentile(old, 0.5), 'ms');
  print('pull cost by history', percentile(old, 0.5) / percentile(fresh, 0.5), '×');
}

async function runCrowd({ server, people }: LoadTarget): Promise<void> {
  const [writer, ...listeners] = people;
  if (!writer) throw new Error('nobody is there');
  await measurePushes({ baseUrl: server.baseUrl(), people: [writer], opsPerPush: 1, pushesPerClient: 50 });
  const idleMb = await residentMb(server.pid());
  const group = createLiveCrowd(server.baseUrl(), listeners);
  const first = await group.connect();
  print(`${listeners.length} connections greeted within`, first.ms, 'ms');
  print('greeted, p95', percentile(first.greetMs, 0.95), 'ms');
  const told = group.heard(listeners.length);
  const pushes = await measurePushes({ baseUrl: server.baseUrl(), people: listeners, opsPerPush: 1, pushesPerClient: 1 });
  printPushes('a push by each of them at once', pushes);
  await told;
  const crowdMb = await residentMb(server.pid());
  print('memory of the idle server', idleMb, 'MB');
  print('memory with all connections', crowdMb, 'MB');
  print('growth', crowdMb - idleMb, 'MB');
  await server.kill();
  while (group.connected() > 0) await Bun.sleep(10);
  await server.start();
  const again = await group.connect();
  print('all of them again after a restart, at once', again.ms, 'ms');
  print('errors', first.errors + again.errors + pushes.failures, '');
  group.disconnect();
}

const [kind = 'pglite', ...wanted] = process.argv.slice(2);
const target = await openLoadTarget(kind as DatabaseKind, wanted.includes('crowd') ? crowd + 1 : clients + 3);
try {
  if (wanted.includes('pushes')) await runPushes(target);
  if (wanted.includes('crowd')) await runCrowd(target);
} finally {
  await target.close();
}
