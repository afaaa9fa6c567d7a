import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** A metric, declared once: a service lists its metrics in one file. */
export interface MetricSpec<L extends string = string> {
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly L[];
  /** Histograms only: upper bounds, in the unit that the name ends in. */
  readonly buckets?: readonly number[];
}

/** The metrics of one process. */
export class Metrics {
  readonly registry = new Registry();

  constructor(service: string) {
    this.registry.setDefaultLabels({ service });
    collectDefaultMetrics({ register: this.registry });
  }

  counter<L extends string>(spec: MetricSpec<L>): Counter<L> {
    return new Counter({ name: spec.name, help: spec.help, labelNames: spec.labels ?? [], registers: [this.registry] });
  }

  gauge<L extends string>(spec: MetricSpec<L>): Gauge<L> {
    return new Gauge({ name: spec.name, help: spec.help, labelNames: spec.labels ?? [], registers: [this.registry] });
  }

  histogram<L extends string>(spec: MetricSpec<L>): Histogram<L> {
    return new Histogram({
      name: spec.name,
      help: spec.help,
      labelNames: spec.labels ?? [],
      ...(spec.buckets ? { buckets: [...spec.buckets] } : {}),
      registers: [this.registry],
    });
  }
}
