import { Instant } from '../words/instant';
import type { Missing } from './from-history';

/** So many are named; the others are counted. */
const mostNamed = 3;

/** Says of which times history has nothing: they were before the first event, nothing came, or it was not kept. */
export function MissingTimes({ missing }: { readonly missing: readonly Missing[] }) {
  if (missing.length === 0) return null;
  const others = missing.length - mostNamed;
  return (
    <p class="quiet">
      No figures{' '}
      {missing.slice(0, mostNamed).map(({ fromMs, toMs }, index) => (
        <span key={fromMs}>
          {index > 0 && ', '}from <Instant atMs={fromMs} /> to <Instant atMs={toMs} />
        </span>
      ))}
      {others > 0 && ` and in ${others} more times`}.
    </p>
  );
}
