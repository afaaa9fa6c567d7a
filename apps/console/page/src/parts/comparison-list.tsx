import type { ComparisonView } from '../../../src/read-model/views';
import { count, points } from '../words/format';
import { Instant } from '../words/instant';

/** The comparison turned so that it reads "other − serving version". */
function towards(comparison: ComparisonView, serving: string) {
  if (comparison.second === serving) return { ...comparison, other: comparison.first };
  return {
    ...comparison,
    other: comparison.second,
    difference: -comparison.difference,
    lower: comparison.upper === null ? null : -comparison.upper,
    upper: comparison.lower === null ? null : -comparison.lower,
  };
}

/** −100 … +100 points as 0 … 100 % of the picture's width. */
const place = (difference: number) => 50 + 50 * Math.max(-1, Math.min(1, difference));

function Interval({ lower, upper, difference }: { lower: number | null; upper: number | null; difference: number }) {
  const tone = lower !== null && lower > 0 ? ' better' : upper !== null && upper < 0 ? ' worse' : '';
  return (
    <svg class={`interval${tone}`} viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
      <line class="zero" x1="50" x2="50" y1="0" y2="10" />
      {lower !== null && upper !== null && (
        <rect x={place(lower)} width={Math.max(0.5, place(upper) - place(lower))} y="3" height="4" />
      )}
      <rect class="point" x={place(difference) - 0.6} width="1.2" y="1" height="8" />
    </svg>
  );
}

type Towards = ReturnType<typeof towards>;

function words({ lower, upper, other, pairs, heldBackByDependence }: Towards, serving: string): string {
  if (lower === null || upper === null) return 'too few pairs to say';
  if (lower > 0) return `${other} is better, with confidence`;
  if (upper < 0) return `${serving} is better, with confidence`;
  if (!heldBackByDependence) return 'no evidence of a difference';
  return `not decided yet: the inputs depend on each other; ${count(pairs)} independent ones would decide`;
}

interface ComparisonListProps {
  readonly comparisons: readonly ComparisonView[];
  readonly serving: string;
}

/** The serving version against every shadow, on the same inputs. */
export function ComparisonList({ comparisons, serving }: ComparisonListProps) {
  const shown = comparisons.filter(({ first, second }) => first === serving || second === serving);
  if (shown.length === 0) return null;
  // 0: no deployment has said since when it serves.
  const sinceMs = shown[0]?.sinceMs ?? 0;
  return (
    <div class="scroll" role="region" aria-label="Comparisons" tabIndex={0}>
      <table class="comparisons">
        <caption>
          Against the serving version, on the same inputs
          {sinceMs > 0 && (
            <>
              {' '}
              since <Instant atMs={sinceMs} edge="start" />
            </>
          )}{' '}
          <small>percentage points of accuracy, with an always-valid interval</small>
        </caption>
        <tbody>
          {shown
            .map((comparison) => towards(comparison, serving))
            .map((comparison) => ({ ...comparison, verdict: words(comparison, serving) }))
            .map(({ other, difference, lower, upper, pairs, designEffect, verdict }) => (
              <tr key={other}>
                <th scope="row">
                  {other} − {serving}
                </th>
                <td class="wide">
                  <Interval lower={lower} upper={upper} difference={difference} />
                  <small class="scale">
                    <span>−100</span>
                    <span>0</span>
                    <span>+100</span>
                  </small>
                </td>
                <td class="figures-cell">
                  {points(difference)}
                  <small>
                    {lower === null || upper === null ? 'no interval yet' : `${points(lower)} to ${points(upper)}`}
                  </small>
                </td>
                <td>
                  {verdict}
                  <small>
                    {count(pairs)} pairs, effective {count(Math.max(1, Math.round(pairs / designEffect)))}
                  </small>
                </td>
              </tr>
            ))}
        </tbody>
      </table>
    </div>
  );
}
