import type { HistoryPoint, HistoryView } from '../../../src/read-model/views';
import { count, metricValue } from '../words/format';
import { Instant } from '../words/instant';
import { isOld, newestAt } from './chart-data';

interface LegendProps {
  readonly metric: string;
  readonly versions: readonly string[];
  readonly history: HistoryView | null;
  /** Where the pointer is; `null`: the newest figures. */
  readonly atMs: number | null;
  readonly limit: number | null;
  /** Whether the picture shows the limit. */
  readonly drawn: boolean;
}

function Interval({ metric, point }: { readonly metric: string; readonly point: HistoryPoint }) {
  if (point.lower === null || point.upper === null) return null;
  return <small>{`${metricValue(metric, point.lower)} to ${metricValue(metric, point.upper)}`}</small>;
}

/** What each version was where the pointer is. */
export function Legend({ metric, versions, history, atMs, limit, drawn }: LegendProps) {
  const points = history?.points ?? [];
  const newestMs = points.at(-1)?.atMs ?? null;
  const shownMs = atMs ?? newestMs;
  if (history === null || shownMs === null) return null;
  return (
    <ul class="legend">
      <li class="quiet">
        {atMs === null && history.by === 'window' ? (
          'Now'
        ) : (
          <>
            {atMs === null && 'Until '}
            <Instant atMs={shownMs} />
          </>
        )}
      </li>
      {versions.map((version, index) => {
        const point = newestAt(points, version, shownMs);
        return (
          <li key={version}>
            <span
              class={`swatch${point?.serving ? ' thick' : ''}`}
              style={{ background: `var(--series-${index % 6})` }}
              aria-hidden="true"
            />
            <strong>{version}</strong> {point?.serving && <small>serves</small>}{' '}
            {metricValue(metric, point?.value ?? null)} {point && <Interval metric={metric} point={point} />}{' '}
            {point && <small>n = {count(point.samples)}</small>}{' '}
            {point && isOld(point, shownMs, history) && (
              <small>
                last at <Instant atMs={point.atMs} />
              </small>
            )}
          </li>
        );
      })}
      {limit !== null && (
        <li>
          <span class="swatch budget" aria-hidden="true" /> budget {metricValue(metric, limit)}{' '}
          {!drawn && <small>far above</small>}
        </li>
      )}
    </ul>
  );
}
