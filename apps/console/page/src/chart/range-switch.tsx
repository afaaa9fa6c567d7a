import { ranges, type Range } from '../data/range';

interface RangeSwitchProps {
  readonly range: Range;
  readonly choose: (range: Range) => void;
}

/** How far back the chart reaches. */
export function RangeSwitch({ range, choose }: RangeSwitchProps) {
  return (
    <div class="switch windows" role="group" aria-label="Range of the chart">
      {ranges.map((each) => (
        <button key={each.name} aria-pressed={each.name === range.name} onClick={() => choose(each)}>
          {each.label}
        </button>
      ))}
    </div>
  );
}
