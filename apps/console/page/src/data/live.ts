import { useEffect, useState } from 'preact/hooks';
import type { ChangeView, EnvironmentView } from '../../../src/read-model/environment-views';
import type { MeView } from '../../../src/tokens/views';
import type { ServerEvent } from './event-blocks';
import { followChanges } from './follow-changes';
import { read } from './read';

export type Connection = 'connecting' | 'live' | 'lost' | 'refused';

export interface Live {
  readonly connection: Connection;
  /** What the server says of the token that it refuses; `null`: it was given none. */
  readonly refusal: string | null;
  readonly me: MeView | null;
  readonly environments: readonly EnvironmentView[];
  /** Counts up whenever something of the environment changed: what depends on it is read again. */
  readonly changes: Readonly<Record<string, number>>;
}

const nothing: Live = { connection: 'connecting', refusal: null, me: null, environments: [], changes: {} };

/** Everything is read again: something may have been missed. */
const withAll = (before: Live, environments: readonly EnvironmentView[], me: MeView): Live => ({
  connection: 'live',
  refusal: null,
  me,
  environments,
  changes: Object.fromEntries(environments.map((each) => [each.environment, (before.changes[each.environment] ?? 0) + 1])),
});

function after(before: Live, { type, data }: ServerEvent): Live {
  if (type === 'environment') {
    const view = JSON.parse(data) as EnvironmentView;
    const environments = before.environments.map((each) => (each.environment === view.environment ? view : each));
    return { ...before, environments };
  }
  const { environment } = JSON.parse(data) as ChangeView;
  return { ...before, changes: { ...before.changes, [environment]: (before.changes[environment] ?? 0) + 1 } };
}

/**
 * Follows the server's changes, and says when the line is lost.
 * @param attempt another one begins anew, such as with another token
 */
export function useLive(attempt: number): Live {
  const [live, setLive] = useState(nothing);
  useEffect(() => {
    const stop = new AbortController();
    setLive((before) => ({ ...before, connection: 'connecting' }));
    const connection = (is: Connection) => setLive((before) => ({ ...before, connection: is }));
    void followChanges(
      {
        opened: () =>
          void Promise.all([read<EnvironmentView[]>('environments'), read<MeView>('me')]).then(
            ([environments, me]) => setLive((before) => withAll(before, environments, me)),
            () => connection('lost'),
          ),
        happened: (event) => setLive((before) => after(before, event)),
        lost: () => connection('lost'),
        refused: (refusal) => setLive({ ...nothing, connection: 'refused', refusal }),
      },
      stop.signal,
    );
    return () => stop.abort();
  }, [attempt]);
  return live;
}
