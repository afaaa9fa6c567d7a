import type { EnvironmentView } from '../../../src/read-model/environment-views';
import type { Live } from '../data/live';
import { labelAt, useCalendar } from '../words/calendar';
import { count, instant } from '../words/format';

const connectionWords = {
  ...{ connecting: 'connecting …', live: 'connected', lost: 'connection lost', refused: 'no access' },
} as const;

interface HeaderProps {
  readonly live: Live;
  readonly environment: string | null;
  readonly choose: (name: string) => void;
  /** Lets go of the token, and asks for another. */
  readonly otherToken: () => void;
}

export function Header({ live, environment, choose, otherToken }: HeaderProps) {
  const current = live.environments.find((each) => each.environment === environment) ?? null;
  return (
    <header class="top">
      <h1>Moola</h1>
      <nav aria-label="Environments">
        {live.environments.map((each) => (
          <button
            key={each.environment}
            aria-current={each.environment === environment ? 'page' : undefined}
            onClick={() => choose(each.environment)}
          >
            {each.environment}
            {each.openIncidents > 0 && (
              <span class="badge bad" title={`${each.openIncidents} open incidents`}>
                {each.openIncidents}
              </span>
            )}
          </button>
        ))}
      </nav>
      {current && <Replay current={current} />}
      {current && <Clock current={current} />}
      {live.me?.authenticated && (
        <span class="me">
          {live.me.name}, {live.me.role}{' '}
          <button class="link" onClick={otherToken}>
            other token
          </button>
        </span>
      )}
      <span class={`connection ${live.connection}`} role="status">
        {connectionWords[live.connection]}
      </span>
    </header>
  );
}

function Replay({ current: { replay, caughtUp, behind } }: { readonly current: EnvironmentView }) {
  if (!caughtUp) return <span class="replay">Reading what is known, {count(behind)} records to go</span>;
  if (replay === null) return null;
  return (
    <label class="replay">
      {replay.finished ? 'Replay done' : `Replay: step ${count(replay.step)} of ${count(replay.steps)}`}
      <progress max={replay.steps} value={replay.finished ? replay.steps : replay.step} />
    </label>
  );
}

/** The environment's own clock; in a replay also what the log calls this time. */
function Clock({ current: { clockMs } }: { readonly current: EnvironmentView }) {
  const label = labelAt(useCalendar(), clockMs);
  if (clockMs === null) return null;
  return (
    <span class="clock" title="The environment's own clock">
      {label !== null && <strong>{label}</strong>}{' '}
      <small>{label === null ? instant(clockMs) : `replay clock ${instant(clockMs)}`} UTC</small>
    </span>
  );
}
