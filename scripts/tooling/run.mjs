import { spawn } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
export const bin = (name) => join(root, 'node_modules/.bin', name);

/** The environment with the project's own programs first in the path; nothing needs to be installed by hand. */
const environment = (more = {}) => ({
  ...process.env,
  PATH: `${join(root, 'node_modules/.bin')}${delimiter}${process.env.PATH ?? ''}`,
  ...more,
});

const running = new Set();

/** Ends a program with everything that it started. */
function endGroup(child, signal) {
  try {
    process.kill(-child.pid, signal);
  } catch {
    child.kill(signal);
  }
}

process.on('exit', () => running.forEach((child) => endGroup(child, 'SIGKILL')));
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
])
  process.on(signal, () => {
    if (running.size === 0) process.exit(code);
    process.exitCode = code;
    running.forEach((child) => endGroup(child, signal));
    // A program that does not stop within its own limit of 10 s is ended.
    setTimeout(() => process.exit(code), 12_000).unref();
  });

/** Starts a program in a process group of its own, so that a signal reaches it exactly once: through us. */
export function start(command, args, { cwd = root, env = {}, stdio = 'inherit', ...user } = {}) {
  const child = spawn(command, args, { ...user, cwd, env: environment(env), stdio, detached: true });
  running.add(child);
  const ended = new Promise((resolve) => {
    child.on('error', (error) => resolve({ code: 127, reason: error.message }));
    child.on('exit', (code, signal) => resolve({ code: code ?? 1, reason: signal ?? undefined }));
  }).finally(() => running.delete(child));
  return { child, ended, stop: (signal = 'SIGTERM') => endGroup(child, signal) };
}

/** Runs a program to its end; `limitMs` ends one that hangs. `quiet` collects its output instead of showing it. */
export async function run(command, args, { limitMs, quiet = false, ...options } = {}) {
  const program = start(command, args, { stdio: ['ignore', quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'], ...options });
  const chunks = [];
  program.child.stdout?.on('data', (chunk) => chunks.push(chunk));
  program.child.stderr?.on('data', (chunk) => chunks.push(chunk));
  const timer = limitMs && setTimeout(() => program.stop('SIGKILL'), limitMs);
  const { code, reason } = await program.ended;
  clearTimeout(timer);
  return { code, reason, output: Buffer.concat(chunks).toString('utf8') };
}

/** Runs a program whose failure ends ours. */
export async function must(command, args, options) {
  const { code, output } = await run(command, args, options);
  if (code === 0) return;
  if (output) process.stderr.write(output);
  process.stderr.write(`\n${[command.replace(`${root}/`, ''), ...args].join(' ')} ended with ${code}.\n`);
  process.exit(code);
}
