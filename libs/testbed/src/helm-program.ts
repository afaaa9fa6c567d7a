import { goProgram, installed } from './go-program.js';

const releases = {
  3: { part: 'Helm 3', path: 'helm.sh/helm/v3/cmd/helm', version: 'v3.22.0' },
  4: { part: 'Helm 4', path: 'helm.sh/helm/v4/cmd/helm', version: 'v4.3.2' },
} as const;

/** Major versions of Helm that are in use. */
export type HelmMajor = keyof typeof releases;
export const helmMajors = [3, 4] as const satisfies readonly HelmMajor[];

/**
 * Where Helm is; builds it when it is not in the cache.
 *
 * @throws MissingPart when it cannot be built here.
 */
export function helmProgram(major: HelmMajor): Promise<string> {
  const { part, path, version } = releases[major];
  return goProgram({ part, name: 'helm', version, build: () => installed(path, version) });
}
