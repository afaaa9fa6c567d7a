import { Controller, Get, Header, Inject } from '@nestjs/common';
import { Metrics } from './metrics.js';

/** The media type of the Prometheus text format. */
export const prometheusText = 'text/plain; version=0.0.4; charset=utf-8';

/** `/metrics` in the Prometheus text format. */
@Controller('metrics')
export class MetricsController {
  constructor(@Inject(Metrics) private readonly metrics: Metrics) {}

  @Get()
  @Header('Content-Type', prometheusText)
  read(): Promise<string> {
    return this.metrics.registry.metrics();
  }
}
