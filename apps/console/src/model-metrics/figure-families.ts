import { formatDuration } from '@moola/contracts/definitions/durations';
import { exposedMetrics, type ExposedMetric } from '@moola/contracts/definitions/exposed-metrics';
import type { FigureView } from '../read-model/views.js';
import { labelsOf, versionLabels, type ExposedVersion, type Family, type Sample } from './model-family.js';

const labels = [...versionLabels, 'window'] as const;

/** Every metric of the contracts, over every window that a budget or a rule of the model looks at. */
export function figureFamilies(versions: readonly ExposedVersion[]): Family[] {
  return exposedMetrics.flatMap((exposed) => {
    const { metric, name, help: meaning, bounds } = exposed;
    const family = (of: string, help: string, value: (figure: FigureView) => number | null): Family => {
      return { name: of, help, labels, samples: versions.flatMap((version) => samplesOf(version, exposed, value)) };
    };
    const figure = family(name, meaning, ({ value }) => value);
    if (bounds === null) return [figure];
    return [
      figure,
      family(bounds.lower, `Lower end of the 95 % interval of ${metric.name}.`, ({ lower }) => lower),
      family(bounds.upper, `Upper end of the 95 % interval of ${metric.name}.`, ({ upper }) => upper),
    ];
  });
}

/** The limits of the budget's lines. */
export function limitFamilies(versions: readonly ExposedVersion[]): Family[] {
  return exposedMetrics.map(({ metric, limit, inBaseUnit }) => ({
    name: limit,
    help: `Limit of the budget's line on ${metric.name}.`,
    labels: versionLabels,
    samples: versions.flatMap((version) => {
      const line = version.version.lines.find((each) => each.metric === metric.name);
      return line === undefined ? [] : [{ labels: labelsOf(version), value: inBaseUnit(line.limit) }];
    }),
  }));
}

function samplesOf(
  version: ExposedVersion,
  { metric, inBaseUnit }: ExposedMetric,
  value: (figure: FigureView) => number | null,
): Sample[] {
  return Object.entries(version.version.windows).flatMap(([windowMs, figures]) => {
    const figure = figures.find((each) => each.metric === metric.name);
    const found = figure === undefined ? null : value(figure);
    if (found === null) return [];
    return [{ labels: { ...labelsOf(version), window: formatDuration(Number(windowMs)) }, value: inBaseUnit(found) }];
  });
}
