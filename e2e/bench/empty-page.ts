import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, root } from '../server/mana-server.ts';

/** An empty SvelteKit page on its own server. */
export interface EmptyPage {
  readonly url: string;
  close(): Promise<void>;
}

// Inside the project, so that it is built by the very same SvelteKit.
const folder = join(root, 'pwa/.svelte-kit/empty-page');

const files = {
  'package.json': '{ "name": "empty-page", "private": true, "type": "module" }',
  'vite.config.js': `import adapter from '@sveltejs/adapter-node';
import { sveltekit } from '@sveltejs/kit/vite';
export default { plugins: [sveltekit({ adapter: adapter({ out: 'build' }) })] };
`,
  'src/app.html': `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">%sveltekit.head%</head><body><div>%sveltekit.body%</div></body></html>`,
  'src/routes/+page.svelte': `<svelte:head><title>Empty</title></svelte:head><h1>An empty page</h1>`,
};

async function build(): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const bun = join(root, 'node_modules/.bin/bun');
  const child = spawn(bun, ['--bun', 'run', 'vite', 'build'], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, 'exit')) as [number];
  if (code !== 0) throw new Error(`The empty page does not build:\n${output}`);
}

/** Builds and serves the page that a first screen is measured beside. */
export async function serveEmptyPage(): Promise<EmptyPage> {
  await build();
  const port = await freePort();
  const env = { ...process.env, PORT: String(port), HOST: 'localhost' };
  const child = spawn(join(root, 'node_modules/.bin/bun'), ['build/index.js'], { cwd: folder, env, stdio: 'ignore' });
  const url = `http://localhost:${port}`;
  while (child.exitCode === null && !(await fetch(url).catch(() => undefined))?.ok) await new Promise((resolve) => setTimeout(resolve, 50));
  if (child.exitCode !== null) throw new Error('The empty page is not served');
  return {
    url,
    async close() {
      const ended = once(child, 'exit');
      child.kill();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
