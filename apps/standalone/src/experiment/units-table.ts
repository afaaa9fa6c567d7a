import type { ArmFigure, ArmFigures } from '@moola/statistics/analysis/arm-figures';
import type { MetricPlan, MetricType } from '@moola/statistics/analysis/plan';
import {
  meanEstimate,
  proportionEstimate,
  quantileEstimate,
  quantileRanks,
  ratioEstimate,
  shareInflation,
} from '@moola/statistics/arms/estimate';
import { WideSums } from '@moola/statistics/arms/wide-sums';
import type { ExperimentConfig, MetricColumns } from './config.js';
import { NumberList } from './number-list.js';
import type { RowSink } from './units-scanner.js';

/** Where a metric's numbers stand among those of a row. */
export interface MetricPlaces {
  readonly value: number;
  /** −1: none. */
  readonly second: number;
}

/** What an arm's rows come to: sums only, whatever their number; of a quantile the values, eight bytes each. */
class ArmRows {
  rows = 0;
  readonly sums: readonly WideSums[];
  readonly values: readonly (NumberList | null)[];

  constructor(config: ExperimentConfig) {
    this.sums = config.plan.metrics.map(() => new WideSums());
    this.values = config.plan.metrics.map(({ type }) => (type === 'quantile' ? new NumberList() : null));
  }
}

/** Rows of units that each have one row, or that nobody named. */
export class UnitsTable implements RowSink {
  readonly problems: { readonly line: number; readonly problem: string }[] = [];
  refusedRows = 0;
  private readonly arms: ArmRows[] = [];
  /** Of each metric, whether it is 0 or 1. */
  private readonly isBit: readonly boolean[];

  constructor(
    private readonly config: ExperimentConfig,
    private readonly places: readonly MetricPlaces[],
    private readonly units: UnitsOfRows | null,
  ) {
    this.isBit = config.plan.metrics.map(({ type }) => type === 'proportion');
  }

  row(arm: number, values: Float64Array, unit: string | null): void {
    const { arms, places } = this;
    while (arms.length <= arm) arms.push(new ArmRows(this.config));
    const rows = arms[arm] as ArmRows;
    rows.rows++;
    if (this.units !== null && unit !== null) return this.units.row(arm, values, unit);
    for (let i = 0; i < places.length; i++) {
      const { value, second } = places[i] as MetricPlaces;
      const x = values[value] as number;
      if (x !== x) continue;
      const list = (rows.values as NumberList[])[i];
      if (list) {
        list.push(x);
        continue;
      }
      if (this.isBit[i] === true) {
        (rows.sums[i] as WideSums).addBit(x);
        continue;
      }
      const y = second < 0 ? 0 : (values[second] as number);
      // Numerator and denominator, outcome and covariate, are of the same units.
      if (y === y) (rows.sums[i] as WideSums).add(x, y);
    }
  }

  refused(line: number, problem: string): void {
    this.refusedRows++;
    if (this.problems.length < 5) this.problems.push({ line, problem });
  }

  /** @param names of the arms, in order of appearance */
  figures(names: readonly string[]): ArmFigures[] {
    const { config, units } = this;
    if (units !== null) return units.figures(names);
    return names.map((arm, i) => {
      const rows = this.arms[i] ?? new ArmRows(config);
      const metrics = config.plan.metrics.map(({ type }, m): ArmFigure => {
        const columns = config.columns[m] as MetricColumns;
        return type === 'quantile'
          ? quantileFigure((rows.values[m] as NumberList).sorted(), columns.level, 1)
          : figureOf(type, columns, rows.sums[m] as WideSums);
      });
      return { arm, units: rows.rows, metrics };
    });
  }
}

/** What sums over an arm's units say, where each has one row. */
function figureOf(type: Exclude<MetricType, 'quantile'>, { covariate }: MetricColumns, sums: WideSums): ArmFigure {
  switch (type) {
    case 'proportion':
      return { estimate: proportionEstimate(sums.sum, sums.count), successes: sums.sum, covariate: null };
    case 'mean':
      return {
        estimate: meanEstimate(sums.moments()),
        successes: null,
        covariate: covariate === null ? null : sums.pairs(),
      };
    case 'ratio':
      return { estimate: ratioEstimate(sums.pairs()), successes: null, covariate: null };
  }
}

/** A quantile as numpy's default has it, between the two nearest values, and how far it is known by ranks. */
export function quantileFigure(sorted: Float64Array, level: number, inflation: number): ArmFigure {
  const count = sorted.length;
  const ranks = quantileRanks(count, level);
  const at = (rank: number) => sorted[Math.min(count - 1, Math.max(0, Math.floor(rank)))] ?? NaN;
  const exact = (count - 1) * level;
  const below = at(exact);
  const value = below + (at(exact + 1) - below) * (exact - Math.floor(exact));
  // Where the ranks lie outside the sample, nothing is known of the variance.
  const isInside = ranks.lower >= 0 && ranks.upper < count;
  const bounds = { value, lower: at(ranks.lower), upper: at(ranks.upper), confidence: ranks.confidence };
  const estimate = quantileEstimate(bounds, count, inflation);
  return { estimate: isInside ? estimate : { ...estimate, variance: NaN }, successes: null, covariate: null };
}

/**
 * Rows of units that have a name: sums for each unit, so that units with several rows are clusters, and units in two arms are found.
 * It takes memory for each unit.
 */
export class UnitsOfRows {
  /** Units in more than one arm: they count in none. */
  contaminated = 0;
  hasClusters = false;
  private readonly numbers = new Map<string, number>();
  private readonly armOf: number[] = [];
  /** Of each metric and unit: sums of both numbers, and how many rows have them. */
  private readonly sums: { readonly x: NumberList; readonly y: NumberList; readonly rows: NumberList }[];
  /** Of quantiles: each value with its unit. */
  private readonly values: ({ readonly value: NumberList; readonly unit: NumberList } | null)[];

  constructor(
    private readonly config: ExperimentConfig,
    private readonly places: readonly MetricPlaces[],
  ) {
    this.sums = places.map(() => ({ x: new NumberList(), y: new NumberList(), rows: new NumberList() }));
    this.values = config.plan.metrics.map(({ type }) =>
      type === 'quantile' ? { value: new NumberList(), unit: new NumberList() } : null,
    );
  }

  row(arm: number, values: Float64Array, unit: string): void {
    const { places } = this;
    let number = this.numbers.get(unit);
    if (number === undefined) {
      number = this.armOf.push(arm) - 1;
      this.numbers.set(unit, number);
      for (const { x, y, rows } of this.sums) for (const list of [x, y, rows]) list.push(0);
    } else {
      this.hasClusters = true;
      const known = this.armOf[number] as number;
      if (known !== arm && known >= 0) {
        this.armOf[number] = -1;
        this.contaminated++;
      }
    }
    for (let i = 0; i < places.length; i++) {
      const { value, second } = places[i] as MetricPlaces;
      const x = values[value] as number;
      const y = second < 0 ? 1 : (values[second] as number);
      if (x !== x || y !== y) continue;
      const { x: xs, y: ys, rows } = this.sums[i] as (typeof this.sums)[number];
      xs.addAt(number, x);
      ys.addAt(number, y);
      rows.addAt(number, 1);
      const list = this.values[i];
      if (list) {
        list.value.push(x);
        list.unit.push(number);
      }
    }
  }

  figures(names: readonly string[]): ArmFigures[] {
    const counts = names.map(() => 0);
    for (const arm of this.armOf) if (arm >= 0) (counts[arm] as number) += 1;
    const metrics = this.config.plan.metrics.map((_, m) => this.figuresOf(m, names.length));
    return names.map((arm, a) => ({
      ...{ arm, units: counts[a] as number },
      metrics: metrics.map((figures) => figures[a] as ArmFigure),
    }));
  }

  /** Of one metric, of each arm. */
  private figuresOf(m: number, arms: number): ArmFigure[] {
    const { type } = this.config.plan.metrics[m] as MetricPlan;
    const columns = this.config.columns[m] as MetricColumns;
    if (type === 'quantile') return this.quantiles(m, arms, columns.level);
    const { y, rows } = this.sums[m] as (typeof this.sums)[number];
    if (this.hasClusters && type !== 'ratio')
      // A mean of rows, robust to clusters: a covariate is left out.
      return this.sumsOf(m, arms, rows).map((sums) => {
        const estimate = ratioEstimate(sums.pairs());
        const freedom = type === 'proportion' ? null : estimate.freedom;
        return { estimate: { ...estimate, freedom }, successes: null, covariate: null };
      });
    const second = type === 'ratio' || columns.covariate !== null ? y : null;
    return this.sumsOf(m, arms, second).map((sums) => figureOf(type, columns, sums));
  }

  /** Sums over the units of each arm. @param second of each unit; `null`: a plain mean has no second number */
  private sumsOf(m: number, arms: number, second: NumberList | null): WideSums[] {
    const { x, rows } = this.sums[m] as (typeof this.sums)[number];
    const sums = Array.from({ length: arms }, () => new WideSums());
    for (let u = 0; u < this.armOf.length; u++)
      if (rows.at(u) > 0) sums[this.armOf[u] as number]?.add(x.at(u), second === null ? 0 : second.at(u));
    return sums;
  }

  private quantiles(m: number, arms: number, level: number): ArmFigure[] {
    const { value, unit } = this.values[m] as { readonly value: NumberList; readonly unit: NumberList };
    const lists = Array.from({ length: arms }, () => new NumberList());
    for (let i = 0; i < value.length; i++) lists[this.armOf[unit.at(i)] as number]?.push(value.at(i));
    const sorted = lists.map((list) => list.sorted());
    const plain = sorted.map((values) => quantileFigure(values, level, 1));
    if (!this.hasClusters) return plain;
    // Of each unit, how many of its values are at most its arm's quantile.
    const below = new Float64Array(this.armOf.length);
    for (let i = 0; i < value.length; i++) {
      const figure = plain[this.armOf[unit.at(i)] as number];
      if (figure !== undefined && value.at(i) <= figure.estimate.value) (below[unit.at(i)] as number) += 1;
    }
    const { rows } = this.sums[m] as (typeof this.sums)[number];
    const units = lists.map(() => new WideSums());
    for (let u = 0; u < this.armOf.length; u++)
      if (rows.at(u) > 0) units[this.armOf[u] as number]?.add(below[u] as number, rows.at(u));
    return sorted.map((values, a) =>
      quantileFigure(values, level, shareInflation((units[a] as WideSums).pairs(), level)),
    );
  }
}
