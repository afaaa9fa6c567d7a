import { useEffect, useState } from 'preact/hooks';

const ofIncident = /^#\/incidents\/([^&]+)/;

/** Where the page shows an incident: messages link to it. */
export const incidentAddress = (id: string): string => `#/incidents/${encodeURIComponent(id)}`;

function namedIncident(): string | null {
  const id = ofIncident.exec(location.hash)?.[1];
  if (id === undefined) return null;
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}

/** The incident that the address names, and how to name another, or none. Going back shows the one before. */
export function useNamedIncident(): [string | null, (id: string | null) => void] {
  const [named, setNamed] = useState(namedIncident);
  useEffect(() => {
    // A place within a document names no incident, and leaves the one that is shown.
    const follow = () => {
      if (location.hash === '' || location.hash.startsWith('#/')) setNamed(namedIncident());
    };
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  const name = (id: string | null) => {
    if (id !== null) location.hash = incidentAddress(id);
    else history.replaceState(null, '', location.pathname + location.search);
    setNamed(id);
  };
  return [named, name];
}
