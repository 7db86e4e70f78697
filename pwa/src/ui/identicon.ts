/** Cells of one half, its middle column included: five rows of three. */
const cells = 15;
const fnvOffset = 0x811c9dc5;
const fnvPrime = 0x01000193;

/** Which cells of a mirrored five-by-five drawing are filled: the same text always makes the same drawing. */
export function identiconCells(seed: string): readonly (readonly [column: number, row: number])[] {
  let hash = fnvOffset;
  for (const letter of seed) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), fnvPrime) >>> 0;
  // The low bits of FNV mix badly: the high half is folded in.
  const bits = (hash ^ (hash >>> 15)) >>> 0;
  return Array.from({ length: cells }, (_, at) => at)
    .filter((at) => (bits >>> at) & 1)
    .flatMap((at) => {
      const [column, row] = [at % 3, Math.floor(at / 3)];
      return column === 2 ? [[column, row] as const] : [[column, row] as const, [4 - column, row] as const];
    });
}
