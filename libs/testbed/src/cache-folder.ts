import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where downloaded parts are kept between runs, for all checkouts of one user. */
export function cacheFolder(): string {
  return (
    process.env['MOOLA_TESTBED_CACHE'] ??
    join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'moola-testbed')
  );
}
