/** The empty state: says how the first model gets here. */
export function NoModels({ environment }: { readonly environment: string }) {
  const command = `curl ${location.origin}/v1/events -H 'Content-Type: application/json' -d '
  {"source": "quickstart", "prediction": {"model": "my-model", "version": "v1", "role": "ROLE_PRIMARY",
   "input": "order-1", "time": "${new Date().toISOString().slice(0, 19)}Z", "class": "1", "score": 0.87, "latencyMs": 12}}'`;
  if (environment !== 'live') return <p class="quiet">Nothing has happened in this environment yet.</p>;
  return (
    <section class="panel">
      <h2>No model has sent anything yet</h2>
      <p>Send a prediction, and its model appears here:</p>
      <pre>{command}</pre>
      <p>
        A model that nobody declared is watched with the default budget and pages nobody. Declare it with{' '}
        <code>moola apply definitions.yaml</code>.
      </p>
    </section>
  );
}
