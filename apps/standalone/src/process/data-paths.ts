import { join } from 'node:path';

/** What lies where in the data folder. */
export interface DataPaths {
  readonly store: string;
  readonly registry: string;
  /** A file an environment, and what is exported of them. */
  readonly history: string;
  /** Post-mortems of an environment, one Markdown file an incident. */
  postMortems(environment: string): string;
}

export function dataPaths(folder: string): DataPaths {
  return {
    store: join(folder, 'store'),
    registry: join(folder, 'registry.json'),
    history: join(folder, 'history'),
    postMortems: (environment) =>
      environment === 'live' ? join(folder, 'post-mortems', 'live') : join(folder, 'post-mortems'),
  };
}
