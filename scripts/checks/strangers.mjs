import { linesMatching, projectFiles } from '../tooling/files.mjs';

export const title = 'no path or address of one machine';

// In pieces, so that this file does not find itself.
const paths = new RegExp(
  ['/home/[a-z]', '/Users/[A-Za-z]', '/work/', String.raw`[A-Z]:\\Users`].join('|').replace('/work/', String.raw`(?<![\w.-])/work/(?!er)`),
);
const registries = new RegExp(['registry', 'npmjs', 'yarnpkg'].map((name) => String.raw`https?://[^\s'"]*${name}`).join('|'));
const addresses = /\b(10\.\d+\.\d+\.\d+|192\.168\.\d+\.\d+|172\.(1[6-9]|2\d|3[01])\.\d+\.\d+)\b/;

const isText = /\.(ts|mjs|js|json|md|svelte|css|html|yaml|yml|sql|txt)$|(^|\/)\.[a-z]+rc$|^\.ci\//;

export const check = async () =>
  projectFiles(isText)
    .filter((path) => path !== 'scripts/checks/strangers.mjs')
    .flatMap((path) => [
      ...linesMatching(path, paths, 'a path of one machine'),
      ...linesMatching(path, registries, 'an address of a registry'),
      ...(path.includes('.test.') ? [] : linesMatching(path, addresses, 'an address of one network')),
    ]);
