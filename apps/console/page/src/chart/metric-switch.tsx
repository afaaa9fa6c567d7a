import type { ShownMetric } from './metrics';

interface MetricSwitchProps {
  readonly metrics: readonly ShownMetric[];
  readonly metric: ShownMetric;
  readonly choose: (metric: ShownMetric) => void;
}

export function MetricSwitch({ metrics, metric, choose }: MetricSwitchProps) {
  return (
    <div class="switch" role="group" aria-label="Metric of the chart">
      {metrics.map((each) => (
        <button key={each.name} aria-pressed={each.name === metric.name} onClick={() => choose(each)}>
          {each.label}
        </button>
      ))}
    </div>
  );
}
