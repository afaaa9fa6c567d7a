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
    const { first, second, sinceMs } = comparison;
    for (const [key, known] of this.comparisons) if (known.sinceMs < sinceMs) this.comparisons.delete(key);
    this.comparisons.set(joinedKey(first, second), {
      ...{ first, second, sinceMs, serving: comparison.serving, pairs: comparison.pairs },
      ...{ firstCorrect: comparison.firstCorrect, secondCorrect: comparison.secondCorrect },
      ...{ difference: comparison.difference, lower: comparison.lower ?? null, upper: comparison.upper ?? null },
      ...{ designEffect: comparison.designEffect, heldBackByDependence: comparison.heldBackByDependence },
    });
  }

  /** @param servingSinceMs when the version that serves began to: what was compared before says nothing of it */
  view(servingSinceMs: number): ComparisonView[] {
    return [...this.comparisons.values()].filter(({ sinceMs }) => sinceMs >= servingSinceMs);
  }
}
