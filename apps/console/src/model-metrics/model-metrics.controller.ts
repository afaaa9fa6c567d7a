import { Controller, Get, Headers, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { exposition } from '@moola/platform/metrics/exposition';
import { ModelMetrics } from './model-metrics.js';

/** `/metrics/models` in the Prometheus text format, or as OpenMetrics for who prefers it; let in as `/metrics` is. */
@Controller('metrics/models')
export class ModelMetricsController {
  constructor(@Inject(ModelMetrics) private readonly metrics: ModelMetrics) {}

  @Get()
  read(@Headers('accept') accept: string | undefined, @Res({ passthrough: true }) reply: FastifyReply): string {
    const { type, text } = exposition(accept, this.metrics.text());
    void reply.header('content-type', type).header('vary', 'Accept');
    return text;
  }
}
