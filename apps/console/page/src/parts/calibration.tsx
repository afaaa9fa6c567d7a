import type { ScoreBinView } from '../../../src/read-model/breakdown-views';
import { count, percent } from '../words/format';

const size = 160;

/** How often scores came true: on the diagonal they are calibrated, below it too high. The larger a point, the more labels. */
export function Calibration({ scores }: { readonly scores: readonly ScoreBinView[] }) {
  if (scores.length === 0) return null;
  const most = Math.max(...scores.map((bin) => bin.count));
  return (
    <figure class="calibration">
      <figcaption>
        Calibration <small>share that came true, by score</small>
      </figcaption>
      <svg viewBox={`-36 -8 ${size + 46} ${size + 32}`} role="img" aria-label={described(scores)}>
        <path class="frame" d={`M0 0V${size}H${size}`} />
        <path class="diagonal" d={`M0 ${size}L${size} 0`} />
        {scores.map(({ from, to, count: labels, meanScore, cameTrue }) => (
          <circle
            key={from}
            cx={meanScore * size}
            cy={(1 - cameTrue / labels) * size}
            r={2 + 5 * Math.sqrt(labels / most)}
          >
            <title>
              {`Scores from ${from.toFixed(1)} to ${to.toFixed(1)}: ${percent(cameTrue / labels)} of ${count(labels)} came true`}
            </title>
          </circle>
        ))}
        <text x="-4" y="8" text-anchor="end">
          100 %
        </text>
        <text x="-4" y={size} text-anchor="end">
          0
        </text>
        <text x={size} y={size + 16} text-anchor="end">
          score 1
        </text>
      </svg>
    </figure>
  );
}

function described(scores: readonly ScoreBinView[]): string {
  const parts = scores.map((bin) => `score ${bin.meanScore.toFixed(2)}: ${percent(bin.cameTrue / bin.count)}`);
  return `Share that came true by score. ${parts.join(', ')}`;
}
