import { useEffect, useRef, useState } from 'preact/hooks';
import { read } from './read';

export interface Read<T> {
  readonly value: T | null;
  readonly error: string | null;
}

const nothing = { value: null, error: null };

/**
 * Reads a path, and again when `change` changes; the last value stays while the next is under way.
 * @param path `null`: nothing
 * @param restMs how long to wait between two reads at least
 * @param reader always the same one for a path
 */
export function useRead<T>(
  path: string | null,
  change: number,
  restMs = 0,
  reader: (path: string) => Promise<T> = read,
): Read<T> {
  const [state, setState] = useState<Read<T> & { path: string | null }>({ path: null, ...nothing });
  const reading = useRef({ busy: false, wanted: change });
  reading.current.wanted = change;
  useEffect(() => {
    if (path === null || reading.current.busy) return;
    const current = { busy: true, wanted: change };
    reading.current = current;
    const load = async (): Promise<void> => {
      for (let began = NaN; began !== current.wanted && reading.current === current; ) {
        began = current.wanted;
        const next = await reader(path).then(
          (value) => ({ value, error: null }),
          (error: Error) => ({ error: error.message }),
        );
        if (reading.current !== current) return;
        setState((before) => ({ ...(before.path === path ? before : nothing), ...next, path }));
        if (restMs > 0) await new Promise((resolve) => setTimeout(resolve, restMs));
      }
      current.busy = false;
    };
    void load();
  }, [path, change]);
  // Another path: what is under way no longer counts.
  useEffect(() => () => void (reading.current = { busy: false, wanted: change }), [path]);
  return state.path === path ? state : nothing;
}
