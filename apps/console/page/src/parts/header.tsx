import type { Live } from '../data/live';
import { count, instant } from '../words/format';

interface HeaderProps {
  readonly live: Live;
  readonly environment: string | null;
  readonly choose: (name: string) => void;
}

export function Header({ live, environment, choose }: HeaderProps) {
  const current = live.environments.find((each) => each.environment === environment);
  const replay = current?.replay ?? null;
  return (
    <header>
      <h1>Moola</h1>
      <nav aria-label="Environments">
        {live.environments.map((each) => (
          <button
            key={each.environment}
            aria-pressed={each.environment === environment}
            onClick={() => choose(each.environment)}
          >
            {each.environment}
            {each.openIncidents > 0 && <span class="badge bad">{each.openIncidents}</span>}
          </button>
        ))}
      </nav>
      {replay && (
        <label class="replay">
          {replay.finished ? 'Replay done' : `Replay: step ${count(replay.step)} of ${count(replay.steps)}`}
          <progress max={replay.steps} value={replay.step} />
        </label>
      )}
      <span class="clock" title="The environment's own clock, UTC">
        {instant(current?.clockMs ?? null)} UTC
      </span>
      <span class={`connection ${live.connection}`}>{live.connection}</span>
    </header>
  );
}
