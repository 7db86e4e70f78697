import { linesMatching, projectFiles } from '../tooling/files.mjs';

export const title = 'tests state facts and never sleep';

const should = /\b(test|it|describe)(\.\w+)*\(\s*[`'"][^`'"]*\bshould\b/;
const sleep = /\b(Bun\.sleep|waitForTimeout)\(|await new Promise\(\(?\w+\)? => setTimeout|setTimeout\(\w+, [1-9]\d*\)/;
const notRun = /\b(test|it|describe)\.(only|todo|skip)\(\s*[`'"]/;

export const check = async () =>
  projectFiles(/\.(test|contract)\.ts$|^e2e\/(journeys|invariants)\/.*\.ts$/).flatMap((path) => [
    ...linesMatching(path, should, 'a title states a fact in the present'),
    ...linesMatching(path, sleep, 'wait for what happens, not for time'),
    ...linesMatching(path, notRun, 'every test runs'),
  ]);
