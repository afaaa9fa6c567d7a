import { useEffect, useState } from 'preact/hooks';
import type { CalendarView, EnvironmentView } from '../../src/read-model/environment-views';
import type { ModelView } from '../../src/read-model/views';
import { useLive } from './data/live';
import { Me } from './data/me';
import { forgetToken } from './data/token';
import { useIncidents } from './data/use-incidents';
import { useRead } from './data/use-read';
import { EnvironmentPage, Loading } from './environment-page';
import { Banners } from './parts/banners';
import { Header } from './parts/header';
import { TokenForm } from './parts/token-form';
import { Calendar } from './words/calendar';

/** More models are not listed at once: those that need a look come first. */
const mostModels = 100;

/** The environment that the address names, or the one in which most happens. */
function useEnvironment(environments: readonly EnvironmentView[]): [string | null, (name: string) => void] {
  const [chosen, setChosen] = useState<string | null>(new URLSearchParams(location.search).get('environment'));
  const choose = (name: string) => {
    // Without the incident that the address may name: it is one of the other environment.
    history.replaceState(null, '', `?environment=${encodeURIComponent(name)}`);
    setChosen(name);
  };
  const busiest = [...environments].sort((a, b) => Number(b.replay !== null) - Number(a.replay !== null))[0];
  return [chosen ?? busiest?.environment ?? null, choose];
}

export function App() {
  const [attempt, tryAgain] = useState(0);
  const live = useLive(attempt);
  const [name, choose] = useEnvironment(live.environments);
  const environment = live.environments.find((each) => each.environment === name) ?? null;
  const change = name === null ? 0 : (live.changes[name] ?? 0);
  const base = environment && `environments/${encodeURIComponent(environment.environment)}`;
  const models = useRead<ModelView[]>(base && `${base}/models?order=need&limit=${mostModels}`, change);
  const incidents = useIncidents(base, change);
  const calendar = useRead<CalendarView>(base && environment?.replay ? `${base}/calendar` : null, 0).value;
  const open = live.environments.reduce((sum, { openIncidents }) => sum + openIncidents, 0);
  useEffect(() => {
    document.title = open > 0 ? `(${open}) Moola` : 'Moola';
  }, [open]);
  const missing =
    environment === null && live.environments.length > 0
      ? `There is no environment "${name}" here: choose one above.`
      : null;
  const otherToken = () => {
    forgetToken();
    tryAgain(attempt + 1);
  };
  return (
    <Me.Provider value={live.me}>
      <Calendar.Provider value={calendar}>
        <Header live={live} environment={name} choose={choose} otherToken={otherToken} />
        <Banners
          connection={live.connection}
          clockMs={environment?.clockMs ?? null}
          problem={missing ?? models.error ?? incidents.error}
          stale={environment?.stale ?? null}
        />
        <main>
          {live.connection === 'refused' ? (
            <TokenForm refusal={live.refusal} given={() => tryAgain(attempt + 1)} />
          ) : environment !== null && base !== null ? (
            <EnvironmentPage
              key={environment.environment}
              {...{ environment, base, models: models.value, ...incidents, change }}
            />
          ) : (
            missing === null && <Loading />
          )}
        </main>
      </Calendar.Provider>
    </Me.Provider>
  );
}
