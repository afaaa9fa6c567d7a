import type { ResidualHistogramView } from '../../../src/read-model/breakdown-views';
import { significant } from '@moola/wording/numbers';
import { count } from '../words/format';

const width = 320;
const height = 120;
const top = 18;

/** How far answers lie from the truths: too high to the right of 0, too low to the left; their mean, the bias, is marked. */
export function Residuals({ residuals }: { readonly residuals: ResidualHistogramView | null }) {
  const [first, last] = [residuals?.bars[0], residuals?.bars.at(-1)];
  if (!residuals || first === undefined || last === undefined) return null;
  const { bars, bias } = residuals;
  // 0 is always in sight: where all answers are too high, that is what is to be seen.
  const [low, high] = [Math.min(first.from, 0), Math.max(last.to, 0)];
  const most = Math.max(...bars.map((bar) => bar.count));
  const x = (value: number) => (width * (Math.min(Math.max(value, low), high) - low)) / (high - low);
  const biasX = x(bias);
  return (
    <figure class="residuals">
      <figcaption>
        Residuals <small>answer − truth: right of 0 too high, left of it too low</small>
      </figcaption>
      <svg viewBox={`-8 0 ${width + 16} ${height + top + 18}`} role="img" aria-label={described(residuals)}>
        {bars.map(({ from, to, count: held }) => {
          const size = (height * held) / most;
          return (
            <rect
              key={from}
              x={x(from) + 0.5}
              width={Math.max(0.5, x(to) - x(from) - 1)}
              y={top + height - size}
              height={size}
            >
              <title>{`From ${significant(from)} to ${significant(to)}: ${count(held)}`}</title>
            </rect>
          );
        })}
        <path class="frame" d={`M0 ${top + height}H${width}`} />
        <path class="zero" d={`M${x(0)} ${top}V${top + height + 4}`} />
        <path class="bias" d={`M${biasX} ${top - 4}V${top + height}`} />
        <text class="bias" x={biasX} y={top - 7} text-anchor={anchorAt(biasX)}>
          {`bias ${significant(bias)}`}
        </text>
        <Tick value={low} at={x(low)} />
        {x(0) > width / 6 && x(0) < (5 * width) / 6 && <Tick value={0} at={x(0)} />}
        <Tick value={high} at={x(high)} />
      </svg>
      <small>{footOf(residuals)}</small>
    </figure>
  );
}

function Tick({ value, at }: { readonly value: number; readonly at: number }) {
  return (
    <text x={at} y={top + height + 15} text-anchor={anchorAt(at)}>
      {significant(value)}
    </text>
  );
}

/** A text at an end of the drawing stays within it. */
function anchorAt(at: number): 'start' | 'middle' | 'end' {
  return at < width / 6 ? 'start' : at > (5 * width) / 6 ? 'end' : 'middle';
}

/** `240 labels, bars of 8; 2 lie below, 1 above`. */
function footOf({ count: all, bars, below, above }: ResidualHistogramView): string {
  const [bar] = bars;
  const beyond = [below > 0 && `${count(below)} below`, above > 0 && `${count(above)} above`].filter(Boolean);
  const size = bar === undefined ? '' : `, bars of ${significant(bar.to - bar.from)}`;
  return `${count(all)} labels${size}${beyond.length === 0 ? '' : `; not drawn: ${beyond.join(', ')}`}`;
}

function described(residuals: ResidualHistogramView): string {
  const bars = residuals.bars.filter((bar) => bar.count > 0);
  const parts = bars.map(({ from, to, count: held }) => `${significant(from)} to ${significant(to)}: ${count(held)}`);
  return `Residuals, answer − truth, with bias ${significant(residuals.bias)}. ${parts.join(', ')}`;
}
