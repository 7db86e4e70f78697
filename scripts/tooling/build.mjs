import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bin, must, root } from './run.mjs';

const notInputs = new Set(['paraglide']); // made while building
const shared = ['shared/src', 'shared/package.json', 'package-lock.json', 'scripts/tooling/build.mjs'];

const within = (folder, names) => names.map((name) => `${folder}/${name}`);

/** What is built, from what, into what. The inputs are named: tools leave files of their own beside them. */
const targets = {
  app: {
    inputs: [
      ...within('pwa', ['src', 'messages', 'static', 'project.inlang/settings.json', 'vite.config.ts', 'vite', 'package.json']),
      ...shared,
    ],
    output: 'pwa/build',
    steps: [['pwa', 'vite', 'build']],
  },
  extension: {
    inputs: [...within('extension', ['src', 'public', 'wxt.config.ts', 'package.json']), ...shared],
    output: 'extension/.output',
    // Packing builds first.
    steps: [
      ['extension', 'wxt', 'zip'],
      ['extension', 'wxt', 'zip', '-b', 'firefox', '--mv3'],
    ],
  },
};

function* filesBelow(path) {
  const full = join(root, path);
  if (!existsSync(full)) return;
  if (!statSync(full).isDirectory()) yield path;
  else
    for (const name of readdirSync(full).sort())
      if (!notInputs.has(name) && !name.endsWith('.test.ts')) yield* filesBelow(`${path}/${name}`);
}

function digestOf(inputs) {
  const hash = createHash('sha256');
  for (const input of inputs) for (const file of filesBelow(input)) hash.update(`${file}\0`).update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

const stampOf = (name) => join(root, 'node_modules/.cache/mana', `${name}.built`);
const isFresh = (name, digest) => {
  const stamp = stampOf(name);
  return existsSync(join(root, targets[name].output)) && existsSync(stamp) && readFileSync(stamp, 'utf8') === digest;
};

/** Runs a tool of a workspace under Bun: the Node that is there may be too old for it. */
export const underBun = (workspace, args, options) =>
  must(bin('bun'), ['--bun', 'run', ...args], { cwd: join(root, workspace), ...options });

/** Builds what changed since it was built; `force` builds all. */
export async function buildStale({ only = Object.keys(targets), force = false } = {}) {
  await must(process.execPath, ['scripts/module-lists.mjs']);
  for (const name of only) {
    const { inputs, output, steps } = targets[name];
    const digest = digestOf(inputs);
    if (!force && isFresh(name, digest)) continue;
    process.stdout.write(`Building the ${name} …\n`);
    rmSync(stampOf(name), { force: true });
    rmSync(join(root, output), { recursive: true, force: true });
    for (const [workspace, ...args] of steps) await underBun(workspace, args, { quiet: true });
    mkdirSync(join(root, 'node_modules/.cache/mana'), { recursive: true });
    writeFileSync(stampOf(name), digest);
  }
}
