import { programCheck } from '../tooling/program-check.mjs';

export const title = 'unused files, exports, dependencies';
export const check = () => programCheck('knip', ['--reporter', 'compact', '--no-progress']);
