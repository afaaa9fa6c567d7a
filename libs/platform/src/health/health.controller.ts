import { Controller, Get, Inject, ServiceUnavailableException } from '@nestjs/common';
import { Health, type HealthReport } from './health.js';

function answer(report: HealthReport): HealthReport {
  if (!report.healthy) throw new ServiceUnavailableException(report);
  return report;
}

/** `/healthz`: restart me when this fails. `/readyz`: send me nothing while this fails. */
@Controller()
export class HealthController {
  constructor(@Inject(Health) private readonly health: Health) {}

  @Get('healthz')
  alive(): HealthReport {
    return answer(this.health.liveness());
  }

  @Get('readyz')
  ready(): HealthReport {
    return answer(this.health.readiness());
  }
}
