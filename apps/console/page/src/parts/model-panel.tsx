import type { ModelView } from '../../../src/read-model/views';
import { AlertTable } from './alert-table';
import { BudgetTable } from './budget-table';
import { ComparisonList } from './comparison-list';
import { HistoryChart } from './history-chart';
import { Money } from './money';
import { Verdict } from './verdict';
import { count } from '../words/format';

interface ModelPanelProps {
  readonly base: string;
  readonly model: ModelView;
  readonly change: number;
  readonly clockMs: number | null;
}

export function ModelPanel({ base, model, change, clockMs }: ModelPanelProps) {
  const { counts } = model;
  const limit = model.versions.find(({ serving }) => serving)?.lines.find(({ metric }) => metric === 'accuracy')?.limit;
  return (
    <article class="panel">
      <header class="title">
        <h2>{model.model}</h2>
        <Verdict verdict={model.verdict} />
        <span>
          serves <strong>{model.serving || '–'}</strong>
        </span>
        <span class="quiet">
          {count(counts.predictions)} predictions, {count(counts.outcomes)} outcomes
          {counts.duplicates > 0 && `, ${count(counts.duplicates)} duplicates`}
          {counts.orphans > 0 && `, ${count(counts.orphans)} outcomes without a prediction`}
        </span>
      </header>
      {!model.declared && (
        <p class="hint">
          Nobody declared this model: the default budget watches it, and nobody is paged. Declare it with{' '}
          <code>moola apply definitions.yaml</code>.
        </p>
      )}
      <HistoryChart
        path={`${base}/models/${encodeURIComponent(model.model)}/history?metric=accuracy`}
        change={change}
        limit={limit ?? null}
        versions={model.versions.map(({ version }) => version).sort()}
      />
      <BudgetTable versions={model.versions} />
      <ComparisonList comparisons={model.comparisons} serving={model.serving} />
      <AlertTable alerts={model.alerts} clockMs={clockMs} />
      <Money revenue={model.revenue} protectedValue={model.protectedValue} />
    </article>
  );
}
