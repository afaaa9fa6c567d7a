import { useMe } from '../data/me';

/** The empty state: says how the first model gets here. */
export function NoModels({ environment }: { readonly environment: string }) {
  const me = useMe();
  if (environment !== 'live') return <p class="quiet">Nothing has happened in this environment yet.</p>;
  const event = {
    prediction: {
      ...{ model: 'my-model', version: 'v1', role: 'primary', input: 'order-1' },
      // The shell's clock: the page may have been open for long.
      ...{ time: "'$(date -u +%FT%TZ)'", class: '1', latencyMs: 12 },
    },
  };
  const header = me?.authenticated ? ` -H "Authorization: Bearer $MOOLA_TOKEN" \\\n ` : '';
  const body = JSON.stringify(event, null, 1).replaceAll(/\n */g, ' ');
  return (
    <section class="panel narrow">
      <h2>No model has sent anything yet</h2>
      <p>Send a prediction, and its model appears here:</p>
      <pre>{`curl ${location.origin}/v1/events \\\n ${header} -H 'Content-Type: application/json' \\\n  -d '${body}'`}</pre>
      <p>
        Send the truth when you learn it, as an <code>outcome</code> of the same <code>input</code>: docs/events.md. A
        model that nobody declared is watched with the default budget, and nobody is notified.
      </p>
    </section>
  );
}
