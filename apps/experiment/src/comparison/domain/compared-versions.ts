/** At most so many versions of a model are compared with each other: 28 pairs. */
export const COMPARED_VERSIONS = 8;
/** So many names of versions that made room are remembered, so that they do not come back with the next input. */
const REMEMBERED_VERSIONS = 64;

/** Which versions of a model are compared since one of them began to serve. Plain data. */
export interface ComparedVersions {
  /** Empty while no deployment with role primary has been seen. */
  readonly serving: string;
  /** When it began to serve, milliseconds since the epoch; 0 while none has. */
  readonly sinceMs: number;
  /** In the order in which they appeared. */
  readonly versions: readonly string[];
  /** Those that made room for later ones; they are not compared until another version serves. */
  readonly left: readonly string[];
}

export const noVersions: ComparedVersions = { serving: '', sinceMs: 0, versions: [], left: [] };

export function servedBy(version: string, sinceMs: number): ComparedVersions {
  return { serving: version, sinceMs, versions: [version], left: [] };
}

/** A version has answered: the most recent ones are compared, and the serving one always. Versions may leave for it. */
export function admit(compared: ComparedVersions, version: string): ComparedVersions {
  const { serving, versions, left } = compared;
  if (versions.includes(version) || left.includes(version)) return compared;
  if (versions.length < COMPARED_VERSIONS) return { ...compared, versions: [...versions, version] };
  const leaves = versions.find((name) => name !== serving) as string;
  return {
    ...compared,
    versions: [...versions.filter((name) => name !== leaves), version],
    left: [...left, leaves].slice(-REMEMBERED_VERSIONS),
  };
}
