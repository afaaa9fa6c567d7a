import { figureValue } from '@moola/metrics/figure-value';
import type { InstanceView } from '../../../src/read-model/subject-views';
import { readPage, type Page } from '../data/read';
import { useRead } from '../data/use-read';
import { count, metricLabel, metricValue } from '../words/format';
import { Instant } from '../words/instant';

/** As many as are listed; `moola instances` has all. */
const shown = 12;
const restMs = 2000;
const columns = [
  ...['instance_cpu', 'instance_memory', 'instance_gpu', 'instance_gpu_memory', 'instance_disk', 'instance_network'],
] as const;

interface InstanceListProps {
  readonly base: string;
  readonly model: string;
  readonly change: number;
}

/** What a model runs on. */
export function InstanceList({ base, model, change }: InstanceListProps) {
  const query = `${base}/instances?model=${encodeURIComponent(model)}&limit=${shown}`;
  const { value: page } = useRead<Page<InstanceView>>(query, change, restMs, readPage<InstanceView>);
  if (page === null || page.total === 0) return null;
  const present = columns.filter((name) => page.rows.some((row) => figureValue(row.figures, name) !== null));
  return (
    <div class="scroll" role="region" aria-label="Instances" tabIndex={0}>
      <table>
        <caption>Instances {page.total > shown && <small>{`${shown} of ${count(page.total)}`}</small>}</caption>
        <thead>
          <tr>
            <th scope="col">Instance</th>
            {present.map((name) => (
              <th scope="col" key={name}>
                {metricLabel(name)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {page.rows.map((row) => (
            <tr key={row.instance}>
              <th scope="row">
                {row.instance}
                {row.silent && (
                  <small class="silent">
                    silent since <Instant atMs={row.heardMs} />
                  </small>
                )}
              </th>
              {present.map((name) => (
                <td key={name}>{metricValue(name, figureValue(row.figures, name))}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
