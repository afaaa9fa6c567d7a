import { useEffect, useState } from 'preact/hooks';
import type { EnvironmentView } from '../../src/read-model/environment-views';
import type { IncidentSummaryView } from '../../src/read-model/incident-views';
import type { ModelView } from '../../src/read-model/views';
import { useLive, useRead } from './data/live';
import { Header } from './parts/header';
import { IncidentList } from './parts/incident-list';
import { ModelPanel } from './parts/model-panel';
import { NoModels } from './parts/no-models';

/** The environment that the address names, or the one in which most happens. */
function useEnvironment(environments: readonly EnvironmentView[]): [string | null, (name: string) => void] {
  const [chosen, choose] = useState<string | null>(new URLSearchParams(location.search).get('environment'));
  useEffect(() => {
    if (chosen) history.replaceState(null, '', `?environment=${encodeURIComponent(chosen)}`);
  }, [chosen]);
  const busiest = [...environments].sort((a, b) => Number(b.replay !== null) - Number(a.replay !== null))[0];
  return [chosen ?? busiest?.environment ?? null, choose];
}

export function App() {
  const live = useLive();
  const [environment, choose] = useEnvironment(live.environments);
  const change = environment === null ? 0 : (live.changes[environment] ?? 0);
  const base = environment === null ? null : `environments/${encodeURIComponent(environment)}`;
  const models = useRead<ModelView[]>(base && `${base}/models`, change);
  const incidents = useRead<IncidentSummaryView[]>(base && `${base}/incidents`, change);
  const clockMs = live.environments.find((each) => each.environment === environment)?.clockMs ?? null;
  const problem = models.error ?? incidents.error;
  return (
    <>
      <Header live={live} environment={environment} choose={choose} />
      {live.connection === 'lost' && (
        <p class="banner" role="alert">
          The connection to the server is lost. What you see is what was known then; the page goes on by itself when the
          server answers again.
        </p>
      )}
      {problem && (
        <p class="banner" role="alert">
          {problem}
        </p>
      )}
      <main>
        {models.value === null ? (
          <p class="quiet" aria-busy="true">
            Loading …
          </p>
        ) : models.value.length === 0 ? (
          <NoModels environment={environment ?? ''} />
        ) : (
          <div class="columns">
            <div>
              {models.value.map((model) => (
                <ModelPanel key={model.model} base={base ?? ''} model={model} change={change} clockMs={clockMs} />
              ))}
            </div>
            <IncidentList base={base ?? ''} incidents={incidents.value} change={change} clockMs={clockMs} />
          </div>
        )}
      </main>
    </>
  );
}
