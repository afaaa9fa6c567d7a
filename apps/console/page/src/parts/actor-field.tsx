import { useState } from 'preact/hooks';

const actorKey = 'moola-actor';

/** The name that a person gives where nobody is authenticated; it is remembered. */
export function useActor(): readonly [string, (name: string) => void] {
  const [actor, setActor] = useState(localStorage.getItem(actorKey) ?? '');
  const keep = (name: string) => {
    localStorage.setItem(actorKey, name);
    setActor(name);
  };
  return [actor, keep];
}

export function ActorField({ actor, change }: { readonly actor: string; readonly change: (name: string) => void }) {
  return (
    <label>
      Your name <small>required; nobody checks it here: it is marked as self-declared</small>
      <input required maxLength={100} value={actor} onInput={(e) => change(e.currentTarget.value)} />
    </label>
  );
}
