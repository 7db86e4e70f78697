import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './run.mjs';

/** Every file of the project that git knows or would add, relative to the root. */
export function projectFiles(pattern = /./) {
  const output = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  return [...new Set(output.split('\n'))].filter((path) => path && pattern.test(path) && existsSync(join(root, path)));
}

export const readText = (path) => readFileSync(join(root, path), 'utf8');

/** Lines of a file that match, as `path:line: text`. */
export const linesMatching = (path, pattern, message) =>
  readText(path)
    .split('\n')
    .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}: ${message} (${line.trim().slice(0, 100)})`] : []));
