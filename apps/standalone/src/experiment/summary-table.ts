import type { ArmFigure, ArmFigures } from '@moola/statistics/analysis/arm-figures';
import { meanEstimate, proportionEstimate, ratioEstimate } from '@moola/statistics/arms/estimate';
import { readCsvRows } from '../replay/csv-rows.js';
import { decimal } from '../replay/decimal.js';
import type { ExperimentConfig, MetricColumns } from './config.js';

export type SummaryReading =
  | { readonly ok: true; readonly arms: readonly ArmFigures[] }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Whether a file has one row an arm: it says how many units each has. */
export const isSummary = (header: readonly string[], config: ExperimentConfig): boolean =>
  header.includes('n') && !config.columns.some(({ column }) => column === 'n');

/**
 * Reads sufficient statistics, one row an arm: `n`, and of each metric's column C
 * - a proportion: `C.sum`, or `C` itself: how many;
 * - a mean: `C.mean` and `C.variance` (of the sample), or `C.sum` and `C.squares`;
 * - a ratio of C to D: `C.sum`, `C.squares`, `D.sum`, `D.squares`, `C.products`;
 * - a quantile: `C.value` and `C.error`, its standard error.
 * `C.n`, where there is one, is how many units have the metric.
 */
export function readSummary(path: string, text: string, config: ExperimentConfig): SummaryReading {
  const problems: string[] = [];
  const arms: ArmFigures[] = [];
  let header: readonly string[] | null = null;
  readCsvRows(text, {
    row: (cells, line) => {
      if (header === null) {
        header = cells.map((cell) => cell.trim());
        return;
      }
      const complain = (problem: string) => problems.push(`${path}, line ${line}: ${problem}`);
      const row = new SummaryRow(header, cells, complain);
      const arm = row.text(config.armColumn);
      if (arms.some((known) => known.arm === arm))
        complain(`arm "${arm}" stands twice: add its rows up, or give one row a unit`);
      const units = row.count('n');
      const metrics = config.plan.metrics.map(({ type }, i) =>
        figureOf(row, type, config.columns[i] as MetricColumns, units),
      );
      arms.push({ arm, units, metrics });
    },
    unclear: (fault, line) => problems.push(`${path}, line ${line}: a quote ${fault}`),
  });
  return problems.length > 0 ? { ok: false, problems } : { ok: true, arms };
}

function figureOf(row: SummaryRow, type: string, { column, denominator }: MetricColumns, units: number): ArmFigure {
  const n = row.has(`${column}.n`) ? row.count(`${column}.n`) : units;
  const plain = { successes: null, covariate: null };
  switch (type) {
    case 'proportion': {
      const successes = row.count(row.has(`${column}.sum`) ? `${column}.sum` : column);
      if (successes > n) row.complain(`${column}: ${successes} of ${n}: more than there are`);
      return { ...plain, estimate: proportionEstimate(successes, n), successes };
    }
    case 'mean': {
      if (row.has(`${column}.mean`)) {
        const variance = row.notNegative(`${column}.variance`);
        const mean = row.number(`${column}.mean`);
        return { ...plain, estimate: meanEstimate({ count: n, mean, deviations: variance * (n - 1) }) };
      }
      const sum = row.number(`${column}.sum`);
      const deviations = row.notNegative(`${column}.squares`) - (sum * sum) / n;
      return {
        ...plain,
        estimate: meanEstimate({ count: n, mean: sum / n, deviations: row.spread(column, deviations) }),
      };
    }
    case 'ratio': {
      const [x, y] = [row.number(`${column}.sum`), row.number(`${denominator}.sum`)];
      return {
        ...plain,
        estimate: ratioEstimate({
          ...{ count: n, meanX: x / n, meanY: y / n },
          deviationsX: row.spread(column, row.notNegative(`${column}.squares`) - (x * x) / n),
          deviationsY: row.spread(`${denominator}`, row.notNegative(`${denominator}.squares`) - (y * y) / n),
          products: row.number(`${column}.products`) - (x * y) / n,
        }),
      };
    }
    default: {
      const error = row.notNegative(`${column}.error`);
      const value = row.number(`${column}.value`);
      return { ...plain, estimate: { value, variance: error * error, samples: n, freedom: null } };
    }
  }
}

class SummaryRow {
  constructor(
    private readonly header: readonly string[],
    private readonly cells: readonly string[],
    readonly complain: (problem: string) => void,
  ) {}

  has(column: string): boolean {
    return this.header.includes(column);
  }

  text(column: string): string {
    const at = this.header.indexOf(column);
    const text = at < 0 ? '' : (this.cells[at] ?? '').trim();
    if (text === '') this.complain(at < 0 ? `the column "${column}" is missing` : `${column}: is empty`);
    return text;
  }

  number(column: string): number {
    const text = this.text(column);
    if (text === '') return NaN;
    const value = decimal.test(text) ? Number(text) : NaN;
    if (!Number.isFinite(value)) this.complain(`${column}: "${text}" is no finite number`);
    return value;
  }

  notNegative(column: string): number {
    const value = this.number(column);
    if (value < 0) this.complain(`${column}: ${value} is below 0`);
    return value;
  }

  count(column: string): number {
    const value = this.notNegative(column);
    if (!Number.isNaN(value) && !Number.isSafeInteger(value)) this.complain(`${column}: ${value} is no whole number`);
    return value;
  }

  /** Sums of squares that are too small for their sums come from rounding, or are of something else. */
  spread(column: string, deviations: number): number {
    if (deviations < 0) this.complain(`${column}.squares: is smaller than the sum allows: is it the sum of squares?`);
    return deviations;
  }
}
