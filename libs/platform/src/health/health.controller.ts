import { Controller, Get, Inject, ServiceUnavailableException } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyContextConfig } from 'fastify';
import '../http/route-config.js';
import { Health, type HealthReport } from './health.js';

function answer(report: HealthReport): HealthReport {
  if (!report.healthy) throw new ServiceUnavailableException(report);
  return report;
}

/** Probes carry no token, and ask by whatever address they know. */
const probe: FastifyContextConfig = { withoutToken: true, anyHost: true };

/** `/healthz`: restart me when this fails. `/readyz`: send me nothing while this fails. */
@Controller()
export class HealthController {
  constructor(@Inject(Health) private readonly health: Health) {}

  @Get('healthz')
  @RouteConfig(probe)
  alive(): HealthReport {
    return answer(this.health.liveness());
  }

  @Get('readyz')
  @RouteConfig(probe)
  ready(): HealthReport {
    return answer(this.health.readiness());
  }
}
