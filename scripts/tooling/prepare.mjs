import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { underBun } from './build.mjs';
import { root } from './run.mjs';

/** Writes what types are read from and git does not hold: routes of the app, its words, entry points of the extension. */
export async function prepare() {
  if (existsSync(join(root, 'pwa/project.inlang')))
    await underBun('pwa', ['paraglide-js', 'compile', '--project', './project.inlang', '--outdir', './src/paraglide', '--silent'], {
      quiet: true,
    });
  await underBun('pwa', ['svelte-kit', 'sync'], { quiet: true });
  await underBun('extension', ['wxt', 'prepare'], { quiet: true });
}
