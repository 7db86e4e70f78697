// Records from a device over the server to a fresh one, and edits between two that are open: Mana beside Evolu and Jazz, which are end-to-end encrypted too.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../server/mana-server.ts';
import { Figures } from './measure.ts';
import { installPeers } from '../peers/peer-packages.ts';

const names = ['mana', 'evolu', 'jazz'] as const;
type Name = (typeof names)[number];

const option = process.argv.find((one) => one.startsWith('--records='));
const records = option ? Number(option.slice('--records='.length)) : 10_000;
const edits = 100;

async function measured(name: Name): Promise<ReadonlyMap<string, number>> {
  const program = join(root, 'e2e/peers/run-peer.ts');
  const options = [program, name, String(records), String(edits)];
  const child = spawn(join(root, 'node_modules/.bin/bun'), options, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  for await (const piece of child.stdout) text += String(piece);
  if (child.exitCode !== 0 && child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}`);
  const lines = text.split('\n').filter(Boolean);
  return new Map(lines.map((line) => JSON.parse(line) as { metric: string; value: number }).map(({ metric, value }) => [metric, value]));
}

installPeers();
const figures = new Figures('sync-peers');
const found = new Map<Name, ReadonlyMap<string, number>>();
for (const name of names) found.set(name, await measured(name));
const valueOf = (name: Name, metric: string): number => found.get(name)?.get(metric) ?? Number.NaN;

const count = `${records.toLocaleString('en')} records`;
const metrics: readonly (readonly [string, string])[] = [
  ['written', `${count}: written on A`],
  ['uploaded', `${count}: the server has them`],
  ['downloaded', `${count}: from then until B can read them`],
  ['whole', `${count}: from A until B can read them`],
  ['live p50', 'an edit on A until B can read it, p50'],
  ['live p95', 'an edit on A until B can read it, p95'],
];
for (const [metric, title] of metrics) {
  for (const name of names) figures.note(`${name}: ${title}`, valueOf(name, metric), 'ms');
}
// The product must be faster than both.
for (const metric of ['whole', 'live p95']) {
  const faster = valueOf('evolu', metric) < valueOf('jazz', metric) ? 'evolu' : 'jazz';
  const title = metrics.find(([name]) => name === metric)?.[1] ?? metric;
  figures.atMost(`${title}: ratio`, valueOf('mana', metric) / valueOf(faster, metric), '×', { target: 1, peer: faster });
}
figures.print();
