import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readText } from '../tooling/files.mjs';
import { root } from '../tooling/run.mjs';

export const title = 'migrations stand in order';

const folder = 'api/src/db/migrations';

/** The migrator skips an entry that is older than the newest applied one, without a word. */
export async function check() {
  const { entries } = JSON.parse(readText(`${folder}/meta/_journal.json`));
  const problems = entries.flatMap((entry, index) => {
    const before = entries[index - 1];
    return [
      entry.idx === index ? '' : `${entry.tag}: number ${entry.idx} stands at place ${index}`,
      before && entry.when <= before.when ? `${entry.tag} is not younger than ${before.tag}` : '',
      entry.tag.startsWith(String(index).padStart(4, '0')) ? '' : `${entry.tag}: its name does not begin with its number`,
    ];
  });
  const written = readdirSync(join(root, folder)).filter((name) => name.endsWith('.sql'));
  const tags = new Set(entries.map(({ tag }) => `${tag}.sql`));
  const strays = written.filter((name) => !tags.has(name)).map((name) => `${name} is not in the journal`);
  const lost = [...tags].filter((name) => !written.includes(name)).map((name) => `${name} is in the journal and not in the folder`);
  return [...problems, ...strays, ...lost].filter(Boolean);
}
