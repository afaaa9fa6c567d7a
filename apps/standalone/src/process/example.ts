import { fileURLToPath } from 'node:url';

const file = (path: string) => fileURLToPath(new URL(`../../../../examples/index-volatility/${path}`, import.meta.url));

/** The example's own files. */
export const exampleFiles = {
  log: file('log/seed-1.csv.gz'),
  releases: file('releases/story.csv'),
  definitions: file('definitions.yaml'),
  stepMs: 60_000,
} as const;
