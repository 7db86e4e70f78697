import { join } from 'node:path';
import { createTestBrowser, type TestBrowser } from './test-browser.ts';
import type { TestPerson } from './test-person.ts';

/** The real server in a process of its own, which a test may kill. */
export interface ServerProcess {
  /** Starts it, again at the same port; resolves when it listens. */
  start(): Promise<void>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  /** Ends it as an operator would; answers its exit code and how long it took. */
  stop(): Promise<{ code: number; ms: number }>;
  /** Resolves when the start under way is over. */
  whenReady(): Promise<void>;
  baseUrl(): string;
  /** Process id of the running server. */
  pid(): number;
  /** Everything that it logged, over all its starts. */
  log(): string;
  /** A browser at this server, with a person's cookies. */
  browserOf(person: TestPerson): TestBrowser;
}

export interface ServerProcessOptions {
  readonly dataDir: string;
  readonly databaseUrl?: string | undefined;
  readonly env?: Readonly<Record<string, string>>;
  /** Program to run instead of the server's own entry. */
  readonly entry?: string;
}

const startTimeoutMs = 90_000; // a second on a calm machine
const serverEntry = join(import.meta.dir, '..', 'main.ts');

export function createServerProcess({ dataDir, databaseUrl, env = {}, entry = serverEntry }: ServerProcessOptions): ServerProcess {
  let child: Bun.Subprocess<'ignore', 'pipe', 'pipe'> | undefined;
  let port = 0;
  let log = '';
  let ready: Promise<void> = Promise.resolve();
  const begin = async () => {
    const settings = { MANA_DATA_DIR: dataDir, MANA_PORT: String(port), PUBLIC_URL: 'http://localhost:4321', MANA_LOG_LEVEL: 'info' };
    child = Bun.spawn([process.execPath, entry], {
      env: { ...process.env, ...settings, DATABASE_URL: databaseUrl ?? '', ...env },
      stdin: 'ignore',
      stdout: 'pipe',
      stderr: 'pipe',
    });
    void drain(child.stderr, (text) => (log += text));
    port = await untilListening(child, (text) => (log += text));
  };
  const baseUrl = () => `http://localhost:${port}`;
  const end = async (signal: 'SIGKILL' | 'SIGTERM') => {
    const startMs = performance.now();
    child?.kill(signal);
    const code = (await child?.exited) ?? 0;
    return { code, ms: performance.now() - startMs };
  };
  return {
    start: () => (ready = begin()),
    kill: () => end('SIGKILL').then(() => undefined),
    stop: () => end('SIGTERM'),
    whenReady: async () => {
      await Bun.sleep(5);
      await ready;
    },
    baseUrl,
    pid: () => child?.pid ?? 0,
    log: () => log,
    browserOf: (person) => {
      const browser = createTestBrowser(fetch, baseUrl());
      for (const [name, value] of person.browser.cookies) browser.cookies.set(name, value);
      return browser;
    },
  };
}

/** Reads the server's lines for good; resolves with its port as soon as one of them names it. */
function untilListening(child: Bun.Subprocess<'ignore', 'pipe', 'pipe'>, onText: (text: string) => void): Promise<number> {
  return new Promise((resolve, reject) => {
    let seen = '';
    const timer = setTimeout(() => reject(new Error(`The server does not start: ${seen}`)), startTimeoutMs);
    const over = drain(child.stdout, (text) => {
      onText(text);
      seen = (seen + text).slice(-10_000);
      const port = /"url":"http:\/\/[^:]+:(\d+)\//.exec(seen)?.[1];
      if (!port) return;
      clearTimeout(timer);
      resolve(Number(port));
    });
    void over.then(() => {
      clearTimeout(timer);
      reject(new Error(`The server ended: ${seen}`));
    });
  });
}

async function drain(stream: ReadableStream<Uint8Array>, onText: (text: string) => void): Promise<void> {
  const decoder = new TextDecoder();
  for await (const piece of stream) onText(decoder.decode(piece, { stream: true }));
}
