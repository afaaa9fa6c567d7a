import { useState } from 'preact/hooks';
import type { TimelineView } from '../../../src/read-model/incident-views';
import { named, useCalendar } from '../words/calendar';
import { Instant } from '../words/instant';

/** What an incident turns on. */
const decisive = new Set([
  ...['opened', 'tier', 'decision', 'servingChanged', 'verified', 'rollbackFailed', 'severityRaised'],
  ...['acknowledged', 'deadlineMissed', 'resolved', 'judged'],
]);

/** What happened, in order. */
export function Timeline({ entries }: { readonly entries: readonly TimelineView[] | null }) {
  const calendar = useCalendar();
  const [shown, show] = useState<'decisive' | 'all'>('decisive');
  if (entries === null)
    return (
      <p class="quiet" aria-busy="true">
        Loading the timeline …
      </p>
    );
  const main = entries.filter(({ kind }) => decisive.has(kind));
  const listed = shown === 'all' ? entries : main;
  return (
    <>
      <h4>
        Timeline{' '}
        {main.length < entries.length && (
          <button class="link" onClick={() => show(shown === 'all' ? 'decisive' : 'all')}>
            {shown === 'all' ? 'only key events' : `all ${entries.length} events`}
          </button>
        )}
      </h4>
      <ol class="timeline">
        {listed.map((entry) => (
          <li key={entry.number} class={entry.kind}>
            <Instant atMs={entry.atMs} />
            <span>{named(calendar, entry.text)}</span>
          </li>
        ))}
      </ol>
    </>
  );
}
