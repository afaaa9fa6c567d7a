import { useState } from 'preact/hooks';
import type { SegmentFiguresView } from '../../../src/read-model/breakdown-views';
import { count, metricLabel, metricValue } from '../words/format';

interface SegmentTableProps {
  readonly segments: readonly SegmentFiguresView[];
  /** The metric by which segments are compared. */
  readonly compared: string;
}

/** So many are shown at first. */
const few = 8;

const figureOf = ({ figures }: SegmentFiguresView, metric: string) => figures.find((each) => each.metric === metric);

/** Segments, the worse ones first. */
export function SegmentTable({ segments, compared }: SegmentTableProps) {
  const [all, showAll] = useState(false);
  if (segments.length === 0) return null;
  const ordered = [...segments].sort((a, b) => Number(b.worse) - Number(a.worse));
  const worse = segments.filter((each) => each.worse).length;
  const other = metricsBeside(segments, compared);
  return (
    <>
      <table class="segments">
        <caption>
          {worse === 0
            ? 'No segment is worse than the rest of its label'
            : worse === 1
              ? '1 segment is worse than the rest of its label'
              : `${worse} segments are worse than the rest of their label`}
        </caption>
        <thead>
          <tr>
            <th scope="col">Segment</th>
            <th scope="col">{metricLabel(compared)}</th>
            {other.map((metric) => (
              <th scope="col" class="more" key={metric}>
                {metricLabel(metric)}
              </th>
            ))}
            <th scope="col">Beside the rest</th>
          </tr>
        </thead>
        <tbody>
          {(all ? ordered : ordered.slice(0, few)).map((segment) => (
            <tr key={`${segment.key}=${segment.value}`} class={segment.worse ? 'worse' : ''}>
              <th scope="row">
                <small>{segment.key}</small> {segment.other ? 'others' : segment.value}
              </th>
              <td>
                {metricValue(compared, figureOf(segment, compared)?.value ?? null)}
                <small>{`n = ${count(figureOf(segment, compared)?.samples ?? 0)}`}</small>
              </td>
              {other.map((metric) => (
                <td class="more" key={metric}>
                  {metricValue(metric, figureOf(segment, metric)?.value ?? null)}
                </td>
              ))}
              <td>{beside(segment, isAlone(segment, segments))}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {segments.length > few && (
        <button class="link" onClick={() => showAll(!all)}>
          {all ? `Show the first ${few}` : `Show all ${segments.length} segments`}
        </button>
      )}
    </>
  );
}

/** Of the other metrics, those of which any segment has a value. */
function metricsBeside(segments: readonly SegmentFiguresView[], compared: string): string[] {
  return ['predictions', 'error_rate', 'latency_p95'].filter(
    (metric) => metric !== compared && segments.some((each) => (figureOf(each, metric)?.value ?? null) !== null),
  );
}

/** Nothing else has its label. */
function isAlone({ key }: SegmentFiguresView, segments: readonly SegmentFiguresView[]): boolean {
  return segments.filter((each) => each.key === key).length === 1;
}

function beside({ difference, adjustedPValue, worse }: SegmentFiguresView, alone: boolean) {
  if (alone) return <small>nothing beside it</small>;
  if (difference === null || adjustedPValue === null) return <small>too few to say</small>;
  if (!worse) return <small>no worse</small>;
  const probability = adjustedPValue < 0.0001 ? '< 0.0001' : `= ${adjustedPValue.toFixed(4)}`;
  return (
    <>
      worse
      <small title="The probability of such a difference by chance, adjusted for the number of segments.">
        {`p ${probability}`}
      </small>
    </>
  );
}
