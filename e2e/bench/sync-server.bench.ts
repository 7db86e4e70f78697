// What one server carries: pushes, pulls, and a thousand live connections, on the embedded database and on PostgreSQL.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../server/mana-server.ts';
import { Figures } from './measure.ts';

interface Line {
  readonly metric: string;
  readonly value: number;
  readonly unit: string;
}

/** What a figure on the embedded database must reach. */
const least: Readonly<Record<string, number>> = { '20 clients, 100 ops a push: pushed': 2_000, '20 clients, 10 ops a push: pushed': 2_000 };
const most: Readonly<Record<string, number>> = {
  '1 client, 1 op a push: answer p50': 10,
  'pull cost by history': 1.5,
  growth: 200,
  'memory with all connections': 512,
  'all of them again after a restart, at once': 30_000,
  errors: 0,
};

async function measured(database: string, what: string): Promise<Line[]> {
  const program = join(root, 'api/src/testing/run-load.ts');
  const child = spawn(join(root, 'node_modules/.bin/bun'), [program, database, what], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  for await (const piece of child.stdout) text += String(piece);
  if (child.exitCode !== 0 && child.exitCode !== null) throw new Error(`the load on ${database} ended with ${child.exitCode}`);
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);
}

function take(figures: Figures, database: string, { metric, value, unit }: Line): void {
  const name = `${database}: ${metric}`;
  const [floor, limit] = [database === 'pglite' ? least[metric] : undefined, most[metric]];
  if (floor !== undefined) figures.atLeast(name, value, unit, { target: floor });
  else if (limit !== undefined) figures.atMost(name, value, unit, { target: limit });
  else figures.note(name, value, unit);
}

const figures = new Figures('sync-server');
for (const database of ['pglite', 'postgres']) {
  for (const what of ['pushes', 'crowd']) {
    for (const line of await measured(database, what)) take(figures, database, line);
  }
}
figures.print();
