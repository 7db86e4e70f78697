import { projectFiles, readText } from '../tooling/files.mjs';

export const title = 'every exported name of shared has a sentence';

const exported = /^export (?:declare )?(?:async )?(?:abstract )?(?:const|let|function\*?|class|interface|type|enum) (\w+)/;

/** A file whose first line says that it is made, and tests, are read by nobody for their contract. */
const isRead = (path) => !/\.(test|property\.test|contract|cases)\.ts$/.test(path) && !path.startsWith('shared/src/testing/');

function problemsOf(path) {
  const lines = readText(path).split('\n');
  const told = new Set();
  return lines.flatMap((line, index) => {
    const name = line.match(exported)?.[1];
    if (!name || told.has(name)) return [];
    told.add(name); // overloads and a type beside its value share one sentence
    return (lines[index - 1] ?? '').trim().endsWith('*/') ? [] : [`${path}:${index + 1}: ${name} has no sentence`];
  });
}

export const check = async () =>
  projectFiles(/^shared\/src\/.*\.ts$/)
    .filter(isRead)
    .flatMap(problemsOf);
