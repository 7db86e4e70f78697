/** One measured number, as `--json` prints it. */
export interface Figure {
  readonly bench: string;
  readonly metric: string;
  readonly value: number;
  readonly unit: string;
  readonly target?: number;
  /** Which way the target lies; without it the value may not exceed it. */
  readonly atLeast?: true;
  readonly ok?: boolean;
  /** What it was measured beside, in the same run. */
  readonly peer?: string;
}

/** Smallest value that a share of the samples does not exceed. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

export const median = (samples: readonly number[]): number => percentile(samples, 0.5);

const rounded = (value: number): number => Number(value.toPrecision(4));

/** Collects the figures of one bench and prints them at its end. */
export class Figures {
  readonly #bench: string;
  readonly #figures: Figure[] = [];

  constructor(bench: string) {
    this.#bench = bench;
  }

  /** A number without a target. */
  note(metric: string, value: number, unit: string, peer?: string): void {
    this.#figures.push({ bench: this.#bench, metric, value: rounded(value), unit, ...(peer ? { peer } : {}) });
  }

  /** A number that may not exceed its target. */
  atMost(metric: string, value: number, unit: string, limit: { target: number; peer?: string }): void {
    this.#figures.push({ bench: this.#bench, metric, value: rounded(value), unit, ...limit, ok: value <= limit.target });
  }

  /** A number that may not fall below its target. */
  atLeast(metric: string, value: number, unit: string, { target }: { target: number }): void {
    this.#figures.push({ bench: this.#bench, metric, value: rounded(value), unit, target, atLeast: true, ok: value >= target });
  }

  /** Prints a table, or one object a line with `--json`; the exit code tells whether a target was missed. */
  print(): void {
    if (process.argv.includes('--json')) for (const figure of this.#figures) console.log(JSON.stringify(figure));
    else this.#printTable();
    if (this.#figures.some(({ ok }) => ok === false)) process.exitCode = 1;
  }

  #printTable(): void {
    const rows = this.#figures.map(({ metric, value, unit, target, atLeast, ok, peer }) => [
      metric,
      `${value} ${unit}`,
      target === undefined ? '' : `${atLeast ? '≥' : '≤'} ${target} ${unit}`,
      ok === undefined ? '' : ok ? 'ok' : 'MISSED',
      peer ?? '',
    ]);
    const all = [['metric', 'value', 'target', '', 'beside'], ...rows];
    const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
    for (const row of all)
      console.log(
        row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd(),
      );
  }
}
