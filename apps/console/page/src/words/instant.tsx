import { labelAt, storySpan, useCalendar } from './calendar';
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

interface SpanProps {
  readonly fromMs: number;
  readonly toMs: number;
}

/** How long it is from one time to another: in a replay by the names of its steps where they are dates. */
export function Span({ fromMs, toMs }: SpanProps) {
  const calendar = useCalendar();
  const ms = Math.max(0, toMs - fromMs);
  return <>{storySpan(calendar, fromMs, toMs) ?? (calendar === null ? span(ms) : `${span(ms)} of replay`)}</>;
}
