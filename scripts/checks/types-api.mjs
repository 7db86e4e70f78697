import { programCheck } from '../tooling/program-check.mjs';

export const title = 'types of the API';
export const check = () => programCheck('tsc', ['-p', 'api']);
