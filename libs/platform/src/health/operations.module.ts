import { Module, type DynamicModule } from '@nestjs/common';
import { Metrics } from '../metrics/metrics.js';
import { MetricsController } from '../metrics/metrics.controller.js';
import { Health } from './health.js';
import { watchHealth } from './health-metrics.js';
import { HealthController } from './health.controller.js';

/** What every process answers to whoever operates it: `/healthz`, `/readyz`, `/metrics`. */
@Module({})
export class OperationsModule {
  static of(health: Health, metrics: Metrics): DynamicModule {
    watchHealth(health, metrics);
    return {
      module: OperationsModule,
      controllers: [HealthController, MetricsController],
      providers: [
        { provide: Health, useValue: health },
        { provide: Metrics, useValue: metrics },
      ],
    };
  }
}
