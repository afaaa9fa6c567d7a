import { labelAt, useCalendar } from './calendar';
import { instant, span } from './format';

interface InstantProps {
  readonly atMs: number;
  /** On the border of two steps of a replay it is the end of the one, or the start of the other. */
  readonly edge?: 'end' | 'start';
}

/** A time as one reads it: by its name in the replay's log where it has one, else UTC. */
export function Instant({ atMs, edge = 'end' }: InstantProps) {
  const label = labelAt(useCalendar(), edge === 'end' ? atMs : atMs + 1);
  const utc = instant(atMs);
  return (
    <time
      dateTime={new Date(atMs).toISOString()}
      title={label ? `${utc} UTC by the clock of the replay` : `${utc} UTC`}
    >
      {label ?? utc}
    </time>
  );
}

/** A length of time by the clock of the environment. */
export function Span({ ms }: { readonly ms: number }) {
  return (
    <>
      {span(ms)}
      {useCalendar() !== null && ' of replay'}
    </>
  );
}
