import { programCheck } from '../tooling/program-check.mjs';

export const title = 'types of shared';
export const check = () => programCheck('tsc', ['-p', 'shared']);
