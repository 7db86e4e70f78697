import { programCheck } from '../tooling/program-check.mjs';

export const title = 'types of the end-to-end tests';
export const check = () => programCheck('tsc', ['-p', 'e2e']);
