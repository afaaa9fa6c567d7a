import { formatDuration } from '@moola/contracts/definitions/durations';
import { exposedMetrics } from '@moola/metrics/exposed-metrics';
import type { FigureView } from '../read-model/views.js';
import { labelsOf, versionLabels, type ExposedVersion, type Family, type Sample } from './model-family.js';

const labels = [...versionLabels, 'window'] as const;

/** The figures of one version over one window. Its labels are one object for all of them: they are written once. */
interface Windowed {
  readonly labels: Readonly<Record<string, string>>;
  readonly figures: ReadonlyMap<string, FigureView>;
}

/** Every metric of the contracts, over every window that a budget or a rule of the model looks at. */
export function figureFamilies(versions: readonly ExposedVersion[]): Family[] {
  const windowed = versions.flatMap(windowsOf);
  return exposedMetrics.flatMap(({ metric, name, help: meaning, bounds, inBaseUnit }) => {
    const family = (of: string, help: string, value: (figure: FigureView) => number | null): Family => {
      const samples: Sample[] = [];
      for (const { labels: each, figures } of windowed) {
        const figure = figures.get(metric.name);
        const found = figure === undefined ? null : value(figure);
        if (found !== null) samples.push({ labels: each, value: inBaseUnit(found) });
      }
      return { name: of, help, labels, samples };
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

/** The limits of the budget's lines on all of the traffic. */
export function limitFamilies(versions: readonly ExposedVersion[]): Family[] {
  return exposedMetrics.map(({ metric, limit, inBaseUnit }) => ({
    name: limit,
    help: `Limit of the budget's line on ${metric.name}.`,
    labels: versionLabels,
    samples: versions.flatMap((version) => {
      const line = version.version.lines.find((each) => each.metric === metric.name && each.segment === null);
      return line === undefined ? [] : [{ labels: labelsOf(version), value: inBaseUnit(line.limit) }];
    }),
  }));
}

function windowsOf(version: ExposedVersion): Windowed[] {
  return Object.entries(version.version.windows).map(([windowMs, figures]) => ({
    labels: { ...labelsOf(version), window: formatDuration(Number(windowMs)) },
    figures: new Map(figures.map((figure) => [figure.metric, figure])),
  }));
}
