import { programCheck } from '../tooling/program-check.mjs';

export const title = 'format';
export const check = () => programCheck('prettier', ['--check', '--log-level', 'warn', '.']);
