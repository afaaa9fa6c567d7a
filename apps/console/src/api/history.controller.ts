import { BadRequestException, Controller, Get, Inject, NotFoundException, Param, Query } from '@nestjs/common';
import { z } from 'zod';
import type { HistoryView } from '../read-model/views.js';
import { Environments } from './environments.js';

const windowSchema = z.coerce.number().int().positive().optional();

/** How a metric of a model went, version by version. */
@Controller('api/v1/environments/:environment/models/:model/history')
export class HistoryController {
  constructor(@Inject(Environments) private readonly environments: Environments) {}

  @Get()
  history(
    @Param('environment') environment: string,
    @Param('model') model: string,
    @Query('metric') metric = 'accuracy',
    @Query('window') window?: string,
  ): HistoryView {
    const { history } = this.environments.model(environment, model);
    const asked = windowSchema.safeParse(window);
    if (!asked.success) throw new BadRequestException(`window: "${window}" is no whole number of milliseconds above 0`);
    const read = history.read(metric, asked.data ?? null);
    const windows = history.windowsOf(metric);
    if (read !== null) return { metric, windowMs: read.windowMs, windows, points: read.points };
    throw new NotFoundException(
      windows.length > 0
        ? `${metric} of model "${model}" is not known over ${window} ms; it is over ${windows.join(', ')}`
        : `nothing is known of "${metric}" of model "${model}"; ${knownWords(history.metrics())}`,
    );
  }
}

function knownWords(metrics: readonly string[]): string {
  return metrics.length > 0 ? `there are ${metrics.join(', ')}` : 'no figure has come yet';
}
