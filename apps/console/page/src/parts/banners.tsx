import type { Connection } from '../data/live';
import { Instant } from '../words/instant';

interface BannersProps {
  readonly connection: Connection;
  readonly clockMs: number | null;
  /** What the server has said of a read; `null`: nothing. */
  readonly problem: string | null;
  /** Why what the server answers may be old; `null`: it is not. */
  readonly stale: string | null;
}

export function Banners({ connection, clockMs, problem, stale }: BannersProps) {
  if (connection === 'lost')
    return (
      <p class="banner" role="alert">
        The connection to the server is lost. What you see is what was known
        {clockMs === null ? (
          ' then'
        ) : (
          <>
            {' '}
            at <Instant atMs={clockMs} />
          </>
        )}
        ; the page goes on by itself when the server answers again.
      </p>
    );
  const said = problem ?? (stale === null ? null : `What you see may be old: ${stale}`);
  return (
    said !== null && (
      <p class="banner" role="alert">
        {said}
      </p>
    )
  );
}
