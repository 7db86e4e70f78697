import { readdirSync } from 'node:fs';

/** Every file beside this one is a check: it exports `title` and `check()`, which answers the problems it found. */
export async function allChecks() {
  const names = readdirSync(new URL('.', import.meta.url)).filter((name) => name.endsWith('.mjs') && name !== 'list.mjs');
  return Promise.all(names.sort().map((name) => import(`./${name}`)));
}
