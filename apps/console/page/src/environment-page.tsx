import { useEffect, useState } from 'preact/hooks';
import type { EnvironmentView } from '../../src/read-model/environment-views';
import type { IncidentSummaryView, IncidentView } from '../../src/read-model/incident-views';
import type { ModelView } from '../../src/read-model/views';
import { useNamedIncident } from './data/address';
import { useRead } from './data/use-read';
import { IncidentList } from './incidents/incident-list';
import { byNeed } from '../../src/read-model/by-need';
import { AlertQuality } from './parts/alert-quality';
import { ModelList } from './parts/model-list';
import { ModelPanel } from './parts/model-panel';
import { NoModels } from './parts/no-models';
import { Status } from './parts/status';

interface EnvironmentPageProps {
  readonly environment: EnvironmentView;
  readonly base: string;
  readonly models: readonly ModelView[] | null;
  readonly incidents: readonly IncidentSummaryView[] | null;
  /** How many incidents there are, and how to read older ones. */
  readonly total: number;
  readonly more: (() => void) | null;
  readonly change: number;
}

export function EnvironmentPage({
  environment,
  base,
  models,
  incidents: listed,
  total,
  more,
  change,
}: EnvironmentPageProps) {
  const [chosen, choose] = useState<string | null>(null);
  const [named, name] = useNamedIncident();
  // The model of the incident that was opened, whichever was chosen before.
  useEffect(() => {
    if (named !== null) choose(null);
  }, [named]);
  const isListed = named === null || listed === null || listed.some(({ id }) => id === named);
  // An old one that the address names.
  const other = useRead<IncidentView>(isListed ? null : `${base}/incidents/${encodeURIComponent(named)}`, change);
  const incidents = listed === null || other.value === null ? listed : [...listed, other.value];
  if (models === null || incidents === null || (models.length === 0 && !environment.caughtUp)) return <Loading />;
  const first = [...models].sort(byNeed)[0];
  const incident = incidents.find(({ id }) => id === named);
  const selected = models.find(({ model }) => model === (chosen ?? incident?.model)) ?? first;
  if (selected === undefined) return <NoModels environment={environment.environment} />;
  const { clockMs, replay } = environment;
  const decides = replay?.finished ? 'the replay has ended' : 'yes';
  const chooseModel = (model: string) => {
    choose(model);
    if (incident !== undefined && incident.model !== model) name(null);
  };
  return (
    <>
      <Status models={models} incidents={incidents} clockMs={clockMs} />
      {named !== null && incident === undefined && other.error !== null && (
        <p class="banner" role="status">
          No incident {named} is known here: it may belong to another environment, or be older than what is kept.{' '}
          <button class="link" onClick={() => name(null)}>
            Show the others
          </button>
        </p>
      )}
      <div class="columns">
        <div>
          <ModelList models={models} total={environment.models} selected={selected.model} choose={chooseModel} />
          <ModelPanel key={selected.model} {...{ base, model: selected, incidents, change, clockMs }} />
          <AlertQuality {...{ base, change, decides }} model={selected.model} />
        </div>
        <IncidentList
          {...{ base, change, clockMs, named, name, total, more }}
          key={selected.model}
          incidents={incidents.filter(({ model }) => model === selected.model)}
          of={models.length > 1 ? selected.model : null}
          decides={decides}
        />
      </div>
    </>
  );
}

export function Loading() {
  return (
    <p class="quiet" aria-busy="true">
      Loading …
    </p>
  );
}
