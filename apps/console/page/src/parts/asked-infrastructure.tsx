import { askedText, isUnwell } from '@moola/wording/infrastructure';
import type { InfrastructureView } from '../../../src/read-model/subject-views';
import { useRead } from '../data/use-read';
import { Instant } from '../words/instant';

/** It changes as often as a Prometheus is asked. */
const restMs = 10_000;

interface AskedInfrastructureProps {
  readonly base: string;
  readonly model: string;
  readonly change: number;
}

/** What Prometheus servers are asked for a model's instances, and what is wrong with that. */
export function AskedInfrastructure({ base, model, change }: AskedInfrastructureProps) {
  const query = `${base}/infrastructure?model=${encodeURIComponent(model)}`;
  const { value: asked } = useRead<readonly InfrastructureView[]>(query, change, restMs);
  if (asked === null || asked.length === 0) return null;
  return (
    <ul class="asked" aria-label="Asked of Prometheus servers">
      {asked.map((each) => (
        <li key={each.definition} class={isUnwell(each) ? 'unwell' : ''}>
          {askedText(each)}
          {each.askedMs !== null && each.answeredMs !== each.askedMs && (
            <small>
              {each.answeredMs === null ? 'not answered yet' : 'last answered '}
              {each.answeredMs !== null && <Instant atMs={each.answeredMs} />}
            </small>
          )}
          {each.problems.map((problem) => (
            <small key={problem}>{problem}</small>
          ))}
        </li>
      ))}
    </ul>
  );
}
