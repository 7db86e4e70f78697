import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readText } from '../tooling/files.mjs';
import { root } from '../tooling/run.mjs';

export const title = 'every named case has its test';

const page = 'docs/named-cases.md';
const testOfRow = /^\|.*\| `([^`]+)`: (.+?)\s*\|$/;

/** Titles are told without what stands in brackets, and may be broken by quotes of the source. */
const plain = (text) => text.replaceAll(/["'`]/g, '');

export async function check() {
  const rows = readText(page)
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| Case') && !line.startsWith('| ---'));
  return rows.flatMap((row) => {
    const [, file, name] = testOfRow.exec(row) ?? [];
    if (!file) return [`${page}: a row without a test: ${row.slice(0, 60)}`];
    if (!existsSync(join(root, file))) return [`${page}: ${file} does not exist`];
    return plain(readText(file)).includes(plain(name)) ? [] : [`${page}: ${file} has no test “${name}”`];
  });
}
