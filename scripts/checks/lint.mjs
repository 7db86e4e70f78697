import { programCheck } from '../tooling/program-check.mjs';

export const title = 'lint: sizes, style, directions';
export const check = () => programCheck('oxlint', ['-c', 'oxlint.config.mjs', '-f', 'unix', '--report-unused-disable-directives', '.']);
