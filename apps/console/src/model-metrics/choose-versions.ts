import type { EnvironmentFold } from '../read-model/environment-fold.js';
import type { VersionView } from '../read-model/views.js';
import type { ExposedEnvironment, ExposedVersion } from './model-family.js';

/** What is exposed of environments, and how much is not. */
export interface Choice {
  readonly environments: readonly ExposedEnvironment[];
  readonly versions: readonly ExposedVersion[];
  /** Versions beyond the cap, by environment. */
  readonly leftOut: ReadonlyMap<string, number>;
}

/**
 * Chooses whose figures are exposed: versions that serve or of which a window holds something; of too many, those of declared
 * models first, then by name, so that one that is there stays there. An environment whose facts have not been read to their
 * end is left out: its figures are of the past.
 */
export function chooseVersions(folds: readonly EnvironmentFold[], atMost: number): Choice {
  const environments: ExposedEnvironment[] = [];
  const versions: ExposedVersion[] = [];
  const leftOut = new Map<string, number>();
  for (const fold of folds) {
    const { environment } = fold;
    if (!fold.view().caughtUp) continue;
    const models = fold.listedModels().flatMap((name) => {
      const view = fold.models.get(name)?.view(fold.openIncidentsOf(name));
      return view === undefined ? [] : [view];
    });
    models.sort((a, b) => Number(b.declared) - Number(a.declared));
    const candidates = models.flatMap((model) =>
      model.versions.filter(isInUse).map((version) => ({ environment, model, version })),
    );
    const chosen = candidates.slice(0, Math.max(0, atMost - versions.length));
    versions.push(...chosen);
    leftOut.set(environment, candidates.length - chosen.length);
    const named = new Set(chosen.map(({ model }) => model));
    environments.push({ fold, models: models.filter((model) => named.has(model)) });
  }
  return { environments, versions, leftOut };
}

function isInUse({ serving, windows }: VersionView): boolean {
  const holds = ['predictions', 'labels'];
  return (
    serving ||
    Object.values(windows).some((figures) => figures.some((each) => holds.includes(each.metric) && each.value))
  );
}
