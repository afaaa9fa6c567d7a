import type { HistoryPoint, HistoryView } from '../../../src/read-model/views';
import { count, metricValue } from '../words/format';
import { Instant } from '../words/instant';
import { limitColour, limitName, type ShownLimit } from './limits';
import { isOld, newestAt } from './chart-data';

interface LegendProps {
  readonly metric: string;
  readonly versions: readonly string[];
  readonly history: HistoryView | null;
  /** Where the pointer is; `null`: the newest figures. */
  readonly atMs: number | null;
  readonly limits: readonly ShownLimit[];
  /** Whether the picture shows a limit. */
  readonly isDrawn: (limit: ShownLimit) => boolean;
}

function Interval({ metric, point }: { readonly metric: string; readonly point: HistoryPoint }) {
  if (point.lower === null || point.upper === null) return null;
  return <small>{`${metricValue(metric, point.lower)} to ${metricValue(metric, point.upper)}`}</small>;
}

/** What each version was where the pointer is. */
export function Legend({ metric, versions, history, atMs, limits, isDrawn }: LegendProps) {
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
      {limits.map((each) => (
        <li key={each.limit} title={each.rules.length === 0 ? undefined : `alert ${each.rules.join(', ')}`}>
          <span
            class={`swatch ${each.isBudget ? 'budget' : 'level'}`}
            style={{ borderColor: `var(${limitColour(each)})` }}
            aria-hidden="true"
          />{' '}
          {limitName(each)} {metricValue(metric, each.limit)} {!isDrawn(each) && <small>far above</small>}
        </li>
      ))}
    </ul>
  );
}
