import { bin, run } from './run.mjs';

/** A check that runs a program: its output, line by line, is what it found. */
export const programCheck = async (name, args, options = {}) => {
  const { code, output } = await run(bin(name), args, { quiet: true, env: { NO_COLOR: '1', FORCE_COLOR: '0' }, ...options });
  if (code === 0) return [];
  const lines = output.split('\n').filter((line) => line.trim());
  return lines.length > 0 ? lines : [`${name} ended with ${code}`];
};
