import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../server/mana-server.ts';

// 170 MB, most of it Jazz's libraries for phones: only who measures fetches them, and `npm ci` stays small.
const versions = {
  '@evolu/common': '8.11.0',
  cojson: '0.20.19',
  'cojson-transport-ws': '0.20.19',
};
const folder = join(root, 'node_modules/.cache/sync-peers');
const installLimitMs = 300_000;

/** Puts the packages of the peers beside the project's own, once; nothing of them runs while that happens. */
export function installPeers(): void {
  const manifest = JSON.stringify({ name: 'sync-peers', private: true, dependencies: versions });
  const [manifestPath, markPath] = [join(folder, 'package.json'), join(folder, 'installed.json')];
  if (existsSync(markPath) && readFileSync(markPath, 'utf8') === manifest) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(manifestPath, manifest);
  // React Native would be wanted beside the libraries for phones.
  const quietly = ['--ignore-scripts', '--no-audit', '--no-fund', '--legacy-peer-deps', '--loglevel=error'];
  execFileSync('npm', ['install', '--prefix', folder, ...quietly], { stdio: ['ignore', 'ignore', 'inherit'], timeout: installLimitMs });
  writeFileSync(markPath, manifest);
}

/** A module of a peer, seen as what the bench uses of it. */
export async function peerModule<Module>(name: string): Promise<Module> {
  const path = createRequire(join(folder, 'package.json')).resolve(name);
  return (await import(pathToFileURL(path).href)) as Module;
}
