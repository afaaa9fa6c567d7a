import { Controller, Get, Headers, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { exposition } from './exposition.js';
import { Metrics } from './metrics.js';

/** `/metrics` in the Prometheus text format, or as OpenMetrics for who prefers it. */
@Controller('metrics')
export class MetricsController {
  constructor(@Inject(Metrics) private readonly metrics: Metrics) {}

  @Get()
  async read(
    @Headers('accept') accept: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const { type, text } = exposition(accept, await this.metrics.registry.metrics());
    void reply.header('content-type', type).header('vary', 'Accept');
    return text;
  }
}
