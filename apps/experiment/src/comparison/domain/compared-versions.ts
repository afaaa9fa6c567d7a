/** At most so many versions of a model are compared with each other: 28 pairs. */
export const COMPARED_VERSIONS = 8;
/** So many names of versions that made room are remembered, so that they do not come back with the next input. */
const REMEMBERED_VERSIONS = 64;
/** So many deployments are remembered, to cut buckets where another version began to serve. */
const REMEMBERED_DEPLOYMENTS = 64;

/** Which versions of a model are compared, and since when. Plain data. */
export interface ComparedVersions {
  /** Empty while no deployment with role primary has been seen. */
  readonly serving: string;
  /** When it began to serve, milliseconds since the epoch; 0 while none has. */
  readonly sinceMs: number;
  /** When versions began to serve, in order of time. */
  readonly begunMs: readonly number[];
  /** In the order in which they appeared. */
  readonly versions: readonly string[];
  /** Those that made room for later ones; they are not compared until another version serves. */
  readonly left: readonly string[];
}

export const noVersions: ComparedVersions = { serving: '', sinceMs: 0, begunMs: [], versions: [], left: [] };

/** Another version serves. Those that were compared go on being compared: late outcomes may still come. */
export function servedBy(compared: ComparedVersions, version: string, sinceMs: number): ComparedVersions {
  const begunMs = [...compared.begunMs, sinceMs].sort((a, b) => a - b).slice(-REMEMBERED_DEPLOYMENTS);
  return { ...admit({ ...compared, serving: version, left: [] }, version), sinceMs, begunMs };
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

/** The bucket of a prediction: buckets are cut where a version began to serve. @returns its start */
export function bucketStartOf({ begunMs }: ComparedVersions, predictedAtMs: number, bucketMs: number): number {
  const begun = begunMs.findLast((atMs) => atMs <= predictedAtMs) ?? -Infinity;
  return Math.max(Math.floor(predictedAtMs / bucketMs) * bucketMs, begun);
}

/** Where a bucket ends that starts there. */
export function bucketEndOf({ begunMs }: ComparedVersions, startMs: number, bucketMs: number): number {
  const endMs = (Math.floor(startMs / bucketMs) + 1) * bucketMs;
  return begunMs.find((atMs) => atMs > startMs && atMs < endMs) ?? endMs;
}
