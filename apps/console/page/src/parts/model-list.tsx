import type { ModelView } from '../../../src/read-model/views';
import { isOnlyTrained } from '../words/budget';
import { counted, dollars, metricValue } from '../words/format';
import { Verdict } from './verdict';

interface ModelListProps {
  /** Those that need a look first. */
  readonly models: readonly ModelView[];
  /** How many there are. */
  readonly total: number;
  readonly selected: string;
  readonly choose: (model: string) => void;
}

/** All models of an environment, a line each; only where there is more than one. */
export function ModelList({ models, total, selected, choose }: ModelListProps) {
  if (models.length < 2) return null;
  return (
    <section class="panel">
      <h2>
        Models{' '}
        <small>{total > models.length ? `${models.length} of ${total}, those first that need a look` : total}</small>
      </h2>
      <ul class="models">
        {models.map((model) => {
          const lines = model.versions.find(({ serving }) => serving)?.lines ?? [];
          const accuracy = lines.find(({ metric }) => metric === 'accuracy')?.figure?.value ?? null;
          const loss = model.revenue?.lossPerMinuteUsd ?? 0;
          return (
            <li key={model.model}>
              <button aria-pressed={model.model === selected} onClick={() => choose(model.model)}>
                {!isOnlyTrained(model) && <Verdict verdict={model.verdict} />}
                <strong>{model.model}</strong>
                <small>
                  {isOnlyTrained(model) ? withoutAnswers(model) : `${model.serving || 'nothing'} serves`}
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

/** What is known of a model that answers nothing here. */
function withoutAnswers({ jobs, instances, measurements }: ModelView): string {
  const known = [counted(jobs, 'training job'), counted(instances, 'instance')];
  return [...known, ...(measurements > 0 ? [counted(measurements, 'measurement')] : [])].join(', ');
}
