import { useState } from 'preact/hooks';
import type { BreakdownView } from '../../../src/read-model/breakdown-views';
import { useRead } from '../data/use-read';
import { span } from '../words/format';
import { Calibration } from './calibration';
import { Confusion } from './confusion';
import { Residuals } from './residuals';
import { SegmentTable } from './segment-table';

interface BreakdownProps {
  /** Of the model's API. */
  readonly path: string;
  readonly change: number;
}

/** It changes once a minute. */
const restMs = 5000;

/** What the budget's window of a version is made of: segments, classes, scores, residuals. What serves is shown first. */
export function Breakdown({ path, change }: BreakdownProps) {
  const { value } = useRead<BreakdownView[]>(`${path}/breakdown`, change, restMs);
  const [chosen, choose] = useState<string | null>(null);
  const shown = value?.find(({ version }) => version === chosen) ?? value?.[0];
  if (!value || shown === undefined) return null;
  const title = shown.residuals === null ? 'Segments and classes' : 'Segments and residuals';
  return (
    <section class="breakdown" aria-label={title}>
      <header>
        <h3>
          {title} <small>{`over ${span(shown.windowMs)}, by the minute`}</small>
        </h3>
        {value.length > 1 && (
          <label>
            Version{' '}
            <select value={shown.version} onChange={(event) => choose(event.currentTarget.value)}>
              {value.map(({ version, serving }) => (
                <option key={version} value={version}>
                  {version}
                  {serving ? ' (serves)' : ''}
                </option>
              ))}
            </select>
          </label>
        )}
      </header>
      <SegmentTable segments={shown.segments} compared={shown.compared} />
      <div class="answers">
        <Confusion classes={shown.classes} confusion={shown.confusion} />
        <Calibration scores={shown.scores} />
        <Residuals residuals={shown.residuals} />
      </div>
    </section>
  );
}
