import { Controller, Get, Header, Inject } from '@nestjs/common';
import { prometheusText } from '@moola/platform/metrics/metrics.controller';
import { ModelMetrics } from './model-metrics.js';

/** `/metrics/models` in the Prometheus text format, let in as `/metrics` is. */
@Controller('metrics/models')
export class ModelMetricsController {
  constructor(@Inject(ModelMetrics) private readonly metrics: ModelMetrics) {}

  @Get()
  @Header('Content-Type', prometheusText)
  read(): string {
    return this.metrics.text();
  }
}
