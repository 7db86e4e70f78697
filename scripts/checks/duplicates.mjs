import { programCheck } from '../tooling/program-check.mjs';

export const title = 'duplicates';
export const check = () => programCheck('jscpd', ['--config', '.jscpd.json', '.']);
