import type { EnvironmentFold } from '../read-model/environment-fold.js';
import type { ModelView, VersionView } from '../read-model/views.js';

/** One series. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A metric of `/metrics/models`. */
export interface Family {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  readonly samples: readonly Sample[];
}

/** A version whose figures are exposed. */
export interface ExposedVersion {
  readonly environment: string;
  readonly model: ModelView;
  readonly version: VersionView;
}

/** An environment, with those of its models of which a version is exposed. */
export interface ExposedEnvironment {
  readonly fold: EnvironmentFold;
  readonly models: readonly ModelView[];
}

export const modelLabels = ['environment', 'model'] as const;
export const versionLabels = [...modelLabels, 'version', 'role'] as const;

export function labelsOf({ environment, model, version: { version, role } }: ExposedVersion) {
  return { environment, model: model.model, version, role };
}

/** A metric with a series a version, or none where the value is not known. */
export function perVersion(
  name: string,
  help: string,
  versions: readonly ExposedVersion[],
  value: (version: ExposedVersion) => number | null,
): Family {
  const samples = versions.flatMap((version) => {
    const found = value(version);
    return found === null ? [] : [{ labels: labelsOf(version), value: found }];
  });
  return { name, help, labels: versionLabels, samples };
}
