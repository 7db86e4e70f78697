import { run } from '../tooling/run.mjs';

export const title = 'lists of modules are made from their folders';

export async function check() {
  const { code, output } = await run(process.execPath, ['scripts/module-lists.mjs', '--check'], { quiet: true });
  return code === 0 ? [] : output.trim().split('\n');
}
