/** The labels of a rule, as chips; nothing without any. */
export function Labels({ labels }: { readonly labels: Readonly<Record<string, string>> }) {
  const all = Object.entries(labels).sort();
  if (all.length === 0) return null;
  return (
    <small class="labels">
      {all.map(([name, value]) => (
        <span class="label" key={name}>{`${name}: ${value}`}</span>
      ))}
    </small>
  );
}
