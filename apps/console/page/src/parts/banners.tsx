import type { Connection } from '../data/live';
import { Instant } from '../words/instant';

interface BannersProps {
  readonly connection: Connection;
  readonly clockMs: number | null;
  /** What the server has said of a read; `null`: nothing. */
  readonly problem: string | null;
}

export function Banners({ connection, clockMs, problem }: BannersProps) {
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
  if (problem === null) return null;
  return (
    <p class="banner" role="alert">
      {problem}
    </p>
  );
}
