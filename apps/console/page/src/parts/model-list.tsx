import type { ModelView } from '../../../src/read-model/views';
import { dollars, metricValue } from '../words/format';
import { Verdict } from './verdict';

const rank = { out: 0, unknown: 1, within: 2 } as const;

/** What needs a look first. */
export const byNeed = (a: ModelView, b: ModelView): number =>
  b.openIncidents.length - a.openIncidents.length || rank[a.verdict] - rank[b.verdict] || (a.model < b.model ? -1 : 1);

interface ModelListProps {
  readonly models: readonly ModelView[];
  readonly selected: string;
  readonly choose: (model: string) => void;
}

/** All models of an environment, a line each; only where there is more than one. */
export function ModelList({ models, selected, choose }: ModelListProps) {
  if (models.length < 2) return null;
  return (
    <section class="panel">
      <h2>
        Models <small>{models.length}</small>
      </h2>
      <ul class="models">
        {models.map((model) => {
          const lines = model.versions.find(({ serving }) => serving)?.lines ?? [];
          const accuracy = lines.find(({ metric }) => metric === 'accuracy')?.figure?.value ?? null;
          const loss = model.revenue?.lossPerMinuteUsd ?? 0;
          return (
            <li key={model.model}>
              <button aria-pressed={model.model === selected} onClick={() => choose(model.model)}>
                <Verdict verdict={model.verdict} />
                <strong>{model.model}</strong>
                <small>
                  {model.serving || 'nothing'} serves
                  {accuracy !== null && `, accuracy ${metricValue('accuracy', accuracy)}`}
                  {model.openIncidents.length > 0 && `, ${model.openIncidents.length} open`}
                  {loss > 0 && `, loses ${dollars(loss)} a minute`}
                </small>
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
