import { figureValue } from '@moola/metrics/figure-value';
import type { MeasurementView } from '../../../src/read-model/subject-views';
import { readPage, type Page } from '../data/read';
import { useRead } from '../data/use-read';
import { count, metricLabel, metricValue } from '../words/format';
import { Instant } from '../words/instant';

/** As many as are listed; `moola measurements` has all. */
const shown = 12;
const restMs = 2000;
const columns = [
  ...['measurement_last', 'measurement_mean', 'measurement_sum', 'measurement_count'],
  ...['measurement_minimum', 'measurement_maximum'],
] as const;

interface MeasurementListProps {
  readonly base: string;
  readonly model: string;
  readonly change: number;
}

/** What the systems around a model measure. */
export function MeasurementList({ base, model, change }: MeasurementListProps) {
  const query = `${base}/measurements?model=${encodeURIComponent(model)}&limit=${shown}`;
  const { value: page } = useRead<Page<MeasurementView>>(query, change, restMs, readPage<MeasurementView>);
  if (page === null || page.total === 0) return null;
  return (
    <div class="scroll" role="region" aria-label="Measurements" tabIndex={0}>
      <table>
        <caption>
          Measurements <small>{page.total > shown ? `${shown} of ${count(page.total)}` : 'over the last hour'}</small>
        </caption>
        <thead>
          <tr>
            <th scope="col">Measurement</th>
            {columns.map((name) => (
              <th scope="col" key={name}>
                {metricLabel(name)}
              </th>
            ))}
            <th scope="col">Latest</th>
          </tr>
        </thead>
        <tbody>
          {page.rows.map((row) => (
            <tr key={row.measurement}>
              <th scope="row">
                {row.other ? 'other names' : row.measurement}
                <small>{remark(row)}</small>
              </th>
              {columns.map((name) => (
                <td key={name}>{metricValue(name, figureValue(row.figures, name))}</td>
              ))}
              <td>
                <Instant atMs={row.heardMs} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Its unit, and what is wrong with what was sent. */
function remark({ other, unit, values, valuesOfOtherUnit, otherUnit }: MeasurementView): string {
  if (other) return ` ${count(values)} values of more names than are told apart`;
  const refused = valuesOfOtherUnit === 0 ? '' : `; ${count(valuesOfOtherUnit)} values in ${otherUnit} not counted`;
  return `${unit === '' ? '' : ` ${unit}`}${refused}`;
}
