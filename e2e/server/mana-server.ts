import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Environment variable that names the data folder to copy. */
export const templateVariable = 'E2E_TEMPLATE';

/** The project's own folder. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

const startLimitMs = 60_000; // a database that is made from nothing takes 4 s, several times that on a busy machine
const stopLimitMs = 12_000; // the server gives itself 10 s
const pollMs = 50;

const pause = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve, pollMs));

/** A port that nobody listens at. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, 'localhost');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

/** A running Mana with a data folder and port of its own. */
export class ManaServer {
  readonly url: string;
  readonly dataDir: string;
  /** Everything that it wrote, over all its starts. */
  log = '';
  readonly #port: number;
  /** Settings of the next start. */
  env: Readonly<Record<string, string>>;
  #process: ChildProcess | undefined;

  private constructor(port: number, dataDir: string, env: Readonly<Record<string, string>>) {
    this.#port = port;
    this.dataDir = dataDir;
    this.env = env;
    this.url = `http://localhost:${port}`;
  }

  /** Makes a data folder (a copy of the template, where there is one) and starts. */
  static async open(options: { dataDir?: string; env?: Readonly<Record<string, string>> } = {}): Promise<ManaServer> {
    const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'mana-e2e-'));
    const template = process.env[templateVariable];
    if (template) cpSync(template, dataDir, { recursive: true });
    const server = new ManaServer(await freePort(), dataDir, options.env ?? {});
    await server.start();
    return server;
  }

  async start(): Promise<void> {
    const env = { ...process.env, MANA_PORT: String(this.#port), MANA_DATA_DIR: this.dataDir, NODE_ENV: 'production', ...this.env };
    for (const name of ['DATABASE_URL', 'MANA_FIXTURES']) delete (env as NodeJS.ProcessEnv)[name];
    const child = spawn(join(root, 'node_modules/.bin/bun'), ['api/src/main.ts'], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#process = child;
    child.stdout.on('data', (chunk: Buffer) => (this.log += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (this.log += chunk.toString()));
    const limit = performance.now() + startLimitMs;
    while (performance.now() < limit && child.exitCode === null) {
      const ready = await fetch(`${this.url}/health/ready`).catch(() => undefined);
      if (ready?.ok) return;
      await pause();
    }
    this.#signal('SIGKILL');
    throw new Error(`The server does not start:\n${this.log.slice(-4_000)}`);
  }

  /** Ends it as an operator would. */
  stop(): Promise<void> {
    return this.#end('SIGTERM');
  }

  /** Ends it as a power cut would. */
  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  /** Does something with its data while it is stopped. */
  async whileStopped<T>(work: () => Promise<T>): Promise<T> {
    await this.stop();
    try {
      return await work();
    } finally {
      await this.start();
    }
  }

  /** Stops and forgets the data. */
  async close(): Promise<void> {
    await this.stop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  #signal(signal: NodeJS.Signals): void {
    // The program in node_modules/.bin is the server itself: no group is needed to reach it.
    this.#process?.kill(signal);
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), stopLimitMs);
    await ended;
    clearTimeout(timer);
  }
}
