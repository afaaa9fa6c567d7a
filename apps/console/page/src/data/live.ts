import { useEffect, useRef, useState } from 'preact/hooks';
import type { EnvironmentView } from '../../../src/read-model/environment-views';
import { read } from './read';

export type Connection = 'connecting' | 'live' | 'lost';

export interface Live {
  readonly connection: Connection;
  readonly environments: readonly EnvironmentView[];
  /** Counts up whenever something of the environment changed: what depends on it is read again. */
  readonly changes: Readonly<Record<string, number>>;
}

/** Follows the server's changes; the browser reconnects by itself, and the page says so meanwhile. */
export function useLive(): Live {
  const [live, setLive] = useState<Live>({ connection: 'connecting', environments: [], changes: {} });
  useEffect(() => {
    const source = new EventSource('/api/v1/changes');
    source.onopen = () => {
      setLive((before) => ({ ...before, connection: 'live' }));
      void read<EnvironmentView[]>('environments').then((environments) =>
        setLive((before) => ({
          ...before,
          environments,
          changes: Object.fromEntries(environments.map((e) => [e.environment, (before.changes[e.environment] ?? 0) + 1])),
        })),
      );
    };
    source.onerror = () => setLive((before) => ({ ...before, connection: 'lost' }));
    source.addEventListener('environment', (event) => {
      const view = JSON.parse(event.data as string) as EnvironmentView;
      setLive((before) => ({
        ...before,
        environments: before.environments.map((each) => (each.environment === view.environment ? view : each)),
      }));
    });
    source.addEventListener('change', (event) => {
      const { environment } = JSON.parse(event.data as string) as { environment: string };
      setLive((before) => ({
        ...before,
        changes: { ...before.changes, [environment]: (before.changes[environment] ?? 0) + 1 },
      }));
    });
    return () => source.close();
  }, []);
  return live;
}

export interface Read<T> {
  readonly value: T | null;
  readonly error: string | null;
}

/** Reads a path, and again when `change` changes; the last value stays while the next is under way. */
export function useRead<T>(path: string | null, change: number): Read<T> {
  const [state, setState] = useState<Read<T> & { path: string | null }>({ path: null, value: null, error: null });
  const busy = useRef(false);
  const wanted = useRef(change);
  wanted.current = change;
  useEffect(() => {
    if (path === null) return;
    let gone = false;
    const load = async (): Promise<void> => {
      if (busy.current) return;
      busy.current = true;
      const began = wanted.current;
      try {
        const value = await read<T>(path);
        if (!gone) setState({ path, value, error: null });
      } catch (error) {
        if (!gone) setState((before) => ({ ...before, path, error: (error as Error).message }));
      }
      busy.current = false;
      if (!gone && wanted.current !== began) void load();
    };
    void load();
    return () => {
      gone = true;
      busy.current = false;
    };
  }, [path, change]);
  return state.path === path ? state : { value: null, error: null };
}
