import { BadRequestException, Controller, Get, Inject, NotFoundException, Param, Query } from '@nestjs/common';
import { metricsOf } from '@moola/metrics/catalogue';
import type { TaskType } from '@moola/metrics/task-type';
import { z } from 'zod';
import type { ModelFold } from '../read-model/model-fold.js';
import type { HistoryView } from '../read-model/views.js';
import { Environments } from './environments.js';

const windowSchema = z.coerce.number().int().positive().optional();
const bySchema = z.enum(['window', 'prediction-time']).default('window');

/** How a metric of a model went, version by version. */
@Controller('api/v1/environments/:environment/models/:model/history')
export class HistoryController {
  constructor(@Inject(Environments) private readonly environments: Environments) {}

  @Get()
  history(
    @Param('environment') environment: string,
    @Param('model') model: string,
    @Query('metric') asked?: string,
    @Query('window') window?: string,
    @Query('by') by?: string,
  ): HistoryView {
    const fold = this.environments.model(environment, model);
    const metric = asked ?? firstMetric(fold.task);
    const windowMs = windowSchema.safeParse(window);
    if (!windowMs.success)
      throw new BadRequestException(`window: "${window}" is no whole number of milliseconds above 0`);
    const kind = bySchema.safeParse(by);
    if (!kind.success) throw new BadRequestException(`by: "${by}" is neither window nor prediction-time`);
    const around = {
      ...{ metric, windows: fold.history.windowsOf(metric) },
      byPredictionTimeSinceMs: fold.byPredictionTime.oldestMs(metric),
    };
    if (kind.data === 'prediction-time') {
      const read = fold.byPredictionTime.read(metric);
      if (read !== null) return { ...around, by: kind.data, windowMs: read.bucketMs, points: read.points };
      throw new NotFoundException(
        `"${metric}" of model "${model}" is not known by prediction time; ${known(fold.byPredictionTime.metrics())}`,
      );
    }
    const read = fold.history.read(metric, windowMs.data ?? shownWindow(fold, metric));
    if (read !== null) return { ...around, by: kind.data, windowMs: read.windowMs, points: read.points };
    throw new NotFoundException(
      around.windows.length > 0
        ? `${metric} of model "${model}" is not known over ${window} ms; it is over ${around.windows.join(', ')}`
        : `nothing is known of "${metric}" of model "${model}"; ${known(fold.history.metrics())}`,
    );
  }
}

/** The metric that people look at first. */
function firstMetric(task: TaskType): string {
  return metricsOf(task).find(({ charted }) => charted)?.name ?? 'predictions';
}

/** The budget's window, where the metric is known over it. */
function shownWindow({ history, budgetWindowMs }: ModelFold, metric: string): number | null {
  return budgetWindowMs !== null && history.windowsOf(metric).includes(budgetWindowMs) ? budgetWindowMs : null;
}

function known(metrics: readonly string[]): string {
  return metrics.length > 0 ? `there are ${metrics.join(', ')}` : 'no figure has come yet';
}
