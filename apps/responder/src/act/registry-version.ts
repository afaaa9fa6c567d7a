/** A model version as the registry names it. MLflow itself counts 1, 2, 3 …; a registry such as ours takes any name. */
export interface RegistryVersion {
  readonly version: string;
  /** The value of its tag `moola.version`; empty without one. */
  readonly tag: string;
}

const VERSION_TAG = 'moola.version';

/** A model version as an answer of MLflow spells it; `null` where it is none, or says something else than we can read. */
export function versionOf(modelVersion: unknown): RegistryVersion | null {
  if (typeof modelVersion !== 'object' || modelVersion === null) return null;
  const { version, tags } = modelVersion as { version?: unknown; tags?: unknown };
  if ((typeof version !== 'string' && typeof version !== 'number') || version === '') return null;
  if (tags !== undefined && !Array.isArray(tags)) return null;
  const tag: unknown = tags?.find((each: { key?: unknown } | null) => each?.key === VERSION_TAG);
  const value = (tag as { value?: unknown } | undefined)?.value;
  return { version: String(version), tag: typeof value === 'string' ? value : '' };
}

/** Whether the registry counts its versions, as MLflow does. */
export function countsVersions(at: RegistryVersion): boolean {
  return /^\d+$/.test(at.version);
}

/** `v1 (version 4)`, or `4` where no tag says more. */
export function shown(at: RegistryVersion): string {
  return at.tag === '' || at.tag === at.version ? at.version : `${at.tag} (version ${at.version})`;
}
