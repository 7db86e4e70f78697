import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { projectFiles, readText } from '../tooling/files.mjs';
import { root } from '../tooling/run.mjs';

export const title = 'what the documentation names exists';

const named = /`([\w@.-]+(?:\/[\w@.+[\]-]+)+\.(?:ts|mjs|svelte|json|sql|css|md))`/g;
const linked = /\]\((?!https?:|#)([^)#\s]+)/g;
const command = /npm run ([a-z][a-z0-9:-]*)/g;

function problemsOf(path) {
  const text = readText(path);
  const { scripts } = JSON.parse(readText('package.json'));
  const missing = (target, base) => !existsSync(join(root, base, target));
  return [
    ...[...text.matchAll(named)].filter(([, target]) => missing(target, '.')).map(([, target]) => `${path}: ${target} does not exist`),
    ...[...text.matchAll(linked)]
      .filter(([, target]) => missing(target, dirname(path)))
      .map(([, target]) => `${path}: the link ${target} leads nowhere`),
    ...[...text.matchAll(command)].filter(([, name]) => !scripts[name]).map(([, name]) => `${path}: there is no npm run ${name}`),
  ];
}

export const check = async () => projectFiles(/^(README|CONTRIBUTING)\.md$|^docs\/.*\.md$/).flatMap(problemsOf);
