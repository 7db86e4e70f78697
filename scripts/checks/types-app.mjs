import { join } from 'node:path';
import { programCheck } from '../tooling/program-check.mjs';
import { root } from '../tooling/run.mjs';

export const title = 'types of the app';
export const check = () =>
  programCheck('svelte-check', ['--tsconfig', 'tsconfig.json', '--output', 'machine', '--fail-on-warnings'], { cwd: join(root, 'pwa') });
