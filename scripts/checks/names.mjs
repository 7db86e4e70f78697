import { basename, extname } from 'node:path';
import { linesMatching, projectFiles } from '../tooling/files.mjs';

export const title = 'names say what is held';

const vague = /(^|[-.])(utils?|helpers?|common|misc|manager|data|info|types)$/;
const vagueType = /\b(class|interface|type) (I[A-Z]\w*|\w*(Impl|Manager|Helper|Utils?|Misc))\b/;
const kebab = /^[+a-z0-9]+([-.][a-z0-9]+)*$/;
const pascal = /^([A-Z][A-Za-z0-9]*|\+[a-z]+(@[a-z]*)?|[a-z-]+)$/;

const problemsOf = (path) => {
  const name = basename(path).replace(/^\+/, '').replace(extname(path), '');
  const problems = [];
  if (vague.test(name)) problems.push(`${path}: the name says nothing; name the one thing that it holds`);
  if (name === 'index' && /\.(ts|js|mjs)$/.test(path)) problems.push(`${path}: no index files; import the file that holds the name`);
  if (!(path.endsWith('.svelte') ? pascal : kebab).test(basename(path).replace(extname(path), '')))
    problems.push(`${path}: files are kebab-case, components PascalCase`);
  return [...problems, ...linesMatching(path, vagueType, 'the name of the type says nothing')];
};

export const check = async () =>
  projectFiles(/^(shared|api|pwa|extension|e2e|scripts)\/.*\.(ts|mjs|svelte)$/)
    .filter((path) => !path.endsWith('.d.ts') && path !== 'pwa/src/service-worker/index.ts') // SvelteKit looks for that name
    .flatMap(problemsOf);
