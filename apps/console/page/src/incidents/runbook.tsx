/** Where it is written what to do: an address to open, or a sentence. */
export function Runbook({ runbook }: { readonly runbook: string }) {
  if (!/^https?:\/\/\S+$/.test(runbook)) return <>{runbook}</>;
  return (
    <a href={runbook} target="_blank" rel="noreferrer">
      {runbook}
    </a>
  );
}
