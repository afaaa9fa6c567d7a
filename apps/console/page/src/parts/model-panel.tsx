import type { IncidentSummaryView } from '../../../src/read-model/incident-views';
import type { ModelView, ReleaseView } from '../../../src/read-model/views';
import { HistoryChart } from '../chart/history-chart';
import { isOnlyTrained } from '../words/budget';
import { count, counted } from '../words/format';
import { Instant } from '../words/instant';
import { AlertList } from './alert-list';
import { AskedInfrastructure } from './asked-infrastructure';
import { Breakdown } from './breakdown';
import { BudgetTable } from './budget-table';
import { InstanceList } from './instance-list';
import { MeasurementList } from './measurement-list';
import { JobList } from './job-list';
import { ComparisonList } from './comparison-list';
import { Money } from './money';
import { Undeclared } from './undeclared';
import { Verdict } from './verdict';

interface ModelPanelProps {
  readonly base: string;
  readonly model: ModelView;
  readonly incidents: readonly IncidentSummaryView[];
  readonly change: number;
  readonly clockMs: number | null;
}

/** A version that serves although no deployment event told of it. */
function Undeployed({ release }: { readonly release: ReleaseView | undefined }) {
  if (release === undefined || !release.inferred || release.from === '') return null;
  return (
    <>
      {' '}
      since <Instant atMs={release.atMs} />; no deployment event was sent
    </>
  );
}

/** How many events of it came, and what became of those that do not count. */
function Counts({ model: { counts, task } }: { readonly model: ModelView }) {
  return (
    <small>
      {counted(counts.predictions, 'prediction')}, {counted(counts.outcomes, 'outcome')} joined
      {counts.outcomesUnmatched > 0 &&
        `, ${counted(counts.outcomesUnmatched, 'outcome')} that found no prediction with a class when they came`}
      {counts.labelsOfOtherTask > 0 &&
        `, ${counted(counts.labelsOfOtherTask, 'label')} of another kind than ${task} (see the model's task)`}
      {counts.duplicates > 0 && `, ${counted(counts.duplicates, 'duplicate')}`}
      {counts.orphans > 0 && `, ${counted(counts.orphans, 'outcome')} without a prediction`}
      {counts.tooLate > 0 &&
        `, ${count(counts.tooLate)} not counted: older than the model's labelHorizon when they came (a longer one keeps more)`}
    </small>
  );
}

export function ModelPanel({ base, model, incidents, change, clockMs }: ModelPanelProps) {
  const onlyTrained = isOnlyTrained(model);
  return (
    <article class="panel" aria-label={`Model ${model.model}`}>
      <header class="title">
        <h2>{model.model}</h2>
        {!onlyTrained && <Verdict verdict={model.verdict} />}
        <span>
          {model.serving === '' ? (
            'nothing serves'
          ) : (
            <>
              serves <strong>{model.serving}</strong>
              <Undeployed release={model.releases.at(-1)} />
            </>
          )}
        </span>
        {!onlyTrained && <Counts model={model} />}
      </header>
      {!model.declared && <Undeclared model={model.model} />}
      <Money model={model.model} revenue={model.revenue} protectedValue={model.protectedValue} />
      {!onlyTrained && (
        <HistoryChart
          {...{ base, clockMs, change, model }}
          incidents={incidents.filter((incident) => incident.model === model.model)}
        />
      )}
      <BudgetTable versions={model.versions} />
      <Breakdown path={`${base}/models/${encodeURIComponent(model.model)}`} change={change} />
      <ComparisonList comparisons={model.comparisons} serving={model.serving} />
      {model.jobs > 0 && <JobList {...{ base, change }} model={model.model} />}
      {model.instances > 0 && <InstanceList {...{ base, change }} model={model.model} />}
      <AskedInfrastructure {...{ base, change }} model={model.model} />
      {model.measurements > 0 && <MeasurementList {...{ base, change }} model={model.model} />}
      <AlertList alerts={model.alerts} clockMs={clockMs} />
    </article>
  );
}
