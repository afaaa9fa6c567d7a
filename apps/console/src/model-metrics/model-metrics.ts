import type { EnvironmentFold } from '../read-model/environment-fold.js';
import { chooseVersions, type Choice } from './choose-versions.js';
import { figureFamilies, limitFamilies } from './figure-families.js';
import type { Family } from './model-family.js';
import { moneyFamilies } from './money-families.js';
import { segmentFamilies } from './segment-families.js';
import { qualityFamilies } from './quality-families.js';
import { stateFamilies } from './state-families.js';
import { subjectFamilies } from './subject-families.js';
import { writeFamilies } from './write-families.js';

/** The metrics of the models, as of the facts that the console has read. */
export class ModelMetrics {
  /** @param atMost versions whose figures are exposed, over all environments; of others only the number is */
  constructor(
    private readonly folds: readonly EnvironmentFold[],
    private readonly atMost: number,
  ) {}

  /** In the Prometheus text format. */
  text(): string {
    return writeFamilies(modelFamilies(this.folds, this.atMost));
  }
}

/** Every metric of `/metrics/models`. */
export function modelFamilies(folds: readonly EnvironmentFold[], atMost: number): readonly Family[] {
  const choice = chooseVersions(folds, atMost);
  const { environments, versions } = choice;
  return [
    ...figureFamilies(versions),
    ...limitFamilies(versions),
    ...segmentFamilies(environments),
    ...stateFamilies(versions),
    ...moneyFamilies(environments),
    ...subjectFamilies(environments, atMost),
    ...qualityFamilies(folds),
    ...ofItself(folds, choice),
  ];
}

function ofItself(folds: readonly EnvironmentFold[], { versions, leftOut }: Choice): Family[] {
  const labels = ['environment'] as const;
  const caughtUp = folds.filter(({ environment }) => leftOut.has(environment));
  return [
    {
      ...{ name: 'moola_model_metrics_ready', labels },
      help: '1 once the console has read all facts of the environment; before, no figures of its models are here.',
      samples: folds.map(({ environment }) => ({ labels: { environment }, value: leftOut.has(environment) ? 1 : 0 })),
    },
    {
      ...{ name: 'moola_model_metrics_versions', labels },
      help: 'Versions whose figures are here.',
      samples: caughtUp.map(({ environment }) => ({
        labels: { environment },
        value: versions.filter((version) => version.environment === environment).length,
      })),
    },
    {
      ...{ name: 'moola_model_metrics_versions_left_out', labels },
      help: 'Versions in use whose figures are not here because they are more than MOOLA_MAXIMUM_VERSIONS_IN_METRICS.',
      samples: caughtUp.map(({ environment }) => ({ labels: { environment }, value: leftOut.get(environment) ?? 0 })),
    },
  ];
}
