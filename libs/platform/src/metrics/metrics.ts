import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { watchEventLoopDelay } from './event-loop-delay.js';

/** A metric, declared once: a service lists its metrics in one file. */
export interface MetricSpec<L extends string = string> {
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly L[];
  /** Histograms only: upper bounds, in the unit that the name ends in. */
  readonly buckets?: readonly number[];
}

/** A gauge whose values are looked up whenever somebody asks for them. */
export interface WatchedSpec<L extends string> extends MetricSpec<L> {
  values(): readonly { readonly labels: Readonly<Record<L, string>>; readonly value: number }[];
}

/** Of prom-client's own: gauges that are named like counters, and figures that every scrape sets back. */
const leftOut = /^nodejs_(active_\w+_total|eventloop_lag_\w+)$/;

/** The metrics of one process. */
export class Metrics {
  readonly registry = new Registry();

  constructor(service: string) {
    this.registry.setDefaultLabels({ service });
    collectDefaultMetrics({ register: this.registry });
    for (const { name } of this.registry.getMetricsAsArray()) {
      if (leftOut.test(name)) this.registry.removeSingleMetric(name);
    }
    watchEventLoopDelay(this);
  }

  /** Several parts may count the same: what is named alike is one counter. */
  counter<L extends string>(spec: MetricSpec<L>): Counter<L> {
    const existing = this.registry.getSingleMetric(spec.name);
    if (existing instanceof Counter) return existing;
    return new Counter({ name: spec.name, help: spec.help, labelNames: spec.labels ?? [], registers: [this.registry] });
  }

  gauge<L extends string>(spec: MetricSpec<L>): Gauge<L> {
    return new Gauge({ name: spec.name, help: spec.help, labelNames: spec.labels ?? [], registers: [this.registry] });
  }

  /** A series whose labels are not among the values any more is gone: that of a partition that others own now. */
  watched<L extends string>({ name, help, labels, values }: WatchedSpec<L>): void {
    new Gauge({
      ...{ name, help, labelNames: labels ?? [], registers: [this.registry] },
      collect() {
        this.reset();
        for (const each of values()) this.set(each.labels, each.value);
      },
    });
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
