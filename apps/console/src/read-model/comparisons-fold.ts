import { joinedKey } from '@moola/contracts/joined-key';
import type { PairedComparison } from '@moola/contracts/gen/moola/v1/signals_pb';
import type { ComparisonView } from './views.js';

/**
 * The paired comparisons of one model. They come by another topic than what serves, so nothing here depends on which of
 * the two is read first: a fold from the beginning shows what a fold along the way has shown.
 */
export class ComparisonsFold {
  private readonly comparisons = new Map<string, ComparisonView>();

  take(comparison: PairedComparison): void {
    const {
      first,
      second,
      serving,
      sinceMs,
      pairs,
      firstCorrect,
      secondCorrect,
      difference,
      designEffect,
      heldBackByDependence,
    } = comparison;
    for (const [key, known] of this.comparisons) if (known.sinceMs < sinceMs) this.comparisons.delete(key);
    this.comparisons.set(joinedKey(first, second), {
      ...{
        first,
        second,
        serving,
        sinceMs,
        pairs,
        firstCorrect,
        secondCorrect,
        difference,
        designEffect,
        heldBackByDependence,
      },
      lower: comparison.lower ?? null,
      upper: comparison.upper ?? null,
    });
  }

  /** @param servingSinceMs when the version that serves began to: what was compared before says nothing of it */
  view(servingSinceMs: number): ComparisonView[] {
    return [...this.comparisons.values()].filter(({ sinceMs }) => sinceMs >= servingSinceMs);
  }
}
