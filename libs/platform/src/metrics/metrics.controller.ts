import { Controller, Get, Header, Inject } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyContextConfig } from 'fastify';
import '../http/route-config.js';
import { Metrics } from './metrics.js';

/** Prometheus asks by the address of a pod. */
export const scraped: FastifyContextConfig = { anyHost: true };

/** The media type of the Prometheus text format. */
export const prometheusText = 'text/plain; version=0.0.4; charset=utf-8';

/** `/metrics` in the Prometheus text format. */
@Controller('metrics')
export class MetricsController {
  constructor(@Inject(Metrics) private readonly metrics: Metrics) {}

  @Get()
  @RouteConfig(scraped)
  @Header('Content-Type', prometheusText)
  read(): Promise<string> {
    return this.metrics.registry.metrics();
  }
}
