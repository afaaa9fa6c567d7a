import type { Field } from '@moola/metrics/accumulator';
import type { Fraction } from '@moola/metrics/fraction';
import type { Counted, WindowFigures } from '@moola/metrics/metric';
import type { AccumulatedBuckets } from '@moola/windows/accumulated-buckets';
import { fractionOfUnits } from '@moola/windows/exact-sums';

/** The buckets of one feed in a window: the sum of those before the open one, and that one. */
export interface WindowPart {
  readonly buckets: AccumulatedBuckets<never>;
  readonly closed: number;
  readonly open: number;
}

/** One window of one version: its labels in all roles, its traffic in the role that it has now. */
export class WindowView implements WindowFigures {
  constructor(
    readonly windowMs: number,
    private readonly labels: WindowPart,
    private readonly scores: WindowPart,
    private readonly traffic: WindowPart,
    readonly baseline: Readonly<Record<string, number>> | null,
    readonly baselineCounts: Readonly<Record<string, Counted>> = {},
  ) {}

  count(field: Field<'count'>): number {
    const { buckets, closed, open } = this[field.feed];
    const place = buckets.placeOf(field);
    return buckets.get(closed, place) + buckets.get(open, place);
  }

  wide(field: Field<'wide'>): number {
    const { buckets, closed, open } = this[field.feed];
    const place = buckets.placeOf(field);
    return buckets.getWide(closed, place) + buckets.getWide(open, place);
  }

  exact(field: Field<'exact'>): Fraction {
    const { buckets, closed, open } = this[field.feed];
    const place = buckets.placeOf(field);
    return fractionOfUnits(buckets.exactUnits(closed, place) + buckets.exactUnits(open, place));
  }

  values(field: Field<'quantiles'>): number {
    const { buckets, closed, open } = this[field.feed];
    const sketches = buckets.sketches[buckets.placeOf(field)]!;
    return sketches.count(closed) + sketches.count(open);
  }

  percentile(field: Field<'quantiles'>, percent: number): number | undefined {
    const { buckets, closed, open } = this[field.feed];
    return buckets.sketches[buckets.placeOf(field)]!.percentile(percent, closed, open);
  }

  forEachCell(field: Field<'cells'>, visit: (cell: number, count: number) => void): void {
    const { buckets, closed, open } = this[field.feed];
    buckets.sketches[buckets.placeOf(field)]!.forEach(closed, open, visit);
  }

  /** Whether another window of the same version is known to hold the same. */
  holdsTheSameAs({ labels, scores, traffic }: WindowView): boolean {
    return same(this.labels, labels) && same(this.scores, scores) && same(this.traffic, traffic);
  }
}

function same(a: WindowPart, b: WindowPart): boolean {
  return a.closed === b.closed && a.open === b.open;
}
