import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'bun:test';
import { lockDataFolder } from './data-lock.ts';

let folder: string;
let children: { kill(signal: 'SIGKILL'): void }[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mana-lock-'));
});
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  children = [];
  rmSync(folder, { recursive: true });
});

const holder = `const { lockDataFolder } = await import(process.argv[1]);
const { ok } = lockDataFolder(process.argv[2]);
Bun.gc(true);
process.stdout.write(String(ok));
setInterval(() => undefined, 1000);`;

function spawnHolder() {
  const child = Bun.spawn([process.execPath, '-e', holder, join(import.meta.dir, 'data-lock.ts'), folder], { stdout: 'pipe' });
  children.push(child);
  return child;
}

test('a second process is refused and told who holds the folder; a killed holder’s lock is taken over', async () => {
  const first = spawnHolder();
  const { value } = await first.stdout.getReader().read();
  expect(new TextDecoder().decode(value)).toBe('true');
  const refused = lockDataFolder(folder);
  expect(refused).toEqual({ ok: false, error: expect.stringContaining(`in use by another process (pid ${first.pid})`) });
  first.kill('SIGKILL');
  await first.exited;
  const taken = lockDataFolder(folder);
  expect(taken.ok).toBeTrue();
  if (taken.ok) taken.value.release();
});

test('the same process cannot open a folder twice either, and can after it let go', () => {
  const first = lockDataFolder(folder);
  expect(lockDataFolder(folder).ok).toBeFalse();
  if (first.ok) first.value.release();
  const second = lockDataFolder(folder);
  expect(second.ok).toBeTrue();
  if (second.ok) second.value.release();
});
