import { Controller, Get, Inject, NotFoundException, Param, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { ModelFold } from '../read-model/model-fold.js';
import { byUrgency } from '../read-model/subject-folds.js';
import type { InstanceView, JobSummaryView, JobView, MeasurementView } from '../read-model/subject-views.js';
import { Environments } from './environments.js';
import { instancesQuery, jobsQuery, measurementsQuery } from './subject-query.js';

/** Training jobs, instances and measurements. `X-Total-Count` says how many there are, beside those of the page. */
@Controller('api/v1/environments/:environment')
export class SubjectsController {
  constructor(@Inject(Environments) private readonly environments: Environments) {}

  @Get('jobs')
  jobs(
    @Param('environment') environment: string,
    @Query() parameters: Readonly<Record<string, unknown>>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): JobSummaryView[] {
    const { limit, offset, model, state } = jobsQuery(parameters);
    const { clockMs } = this.environments.get(environment);
    const all = this.models(environment, model).flatMap(({ jobs }) => jobs.summaries(clockMs));
    const asked = all.filter((job) => state === undefined || job.state === state).sort(byUrgency);
    void reply.header('x-total-count', String(asked.length));
    return asked.slice(offset, offset + limit);
  }

  @Get('models/:model/jobs/:job')
  job(@Param('environment') environment: string, @Param('model') model: string, @Param('job') job: string): JobView {
    const { clockMs } = this.environments.get(environment);
    const found = this.environments.model(environment, model).jobs.get(job, clockMs);
    if (found !== undefined) return found;
    throw new NotFoundException(
      `model "${model}" has no training job "${job}" (one that has ended is kept for a day, one that is silent for a week)`,
    );
  }

  @Get('instances')
  instances(
    @Param('environment') environment: string,
    @Query() parameters: Readonly<Record<string, unknown>>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): InstanceView[] {
    const { limit, offset, model } = instancesQuery(parameters);
    const { clockMs } = this.environments.get(environment);
    const all = this.models(environment, model).flatMap(({ instances }) => instances.views(clockMs));
    all.sort((a, b) => Number(b.silent) - Number(a.silent) || order(a.model, b.model) || order(a.instance, b.instance));
    void reply.header('x-total-count', String(all.length));
    return all.slice(offset, offset + limit);
  }

  @Get('measurements')
  measurements(
    @Param('environment') environment: string,
    @Query() parameters: Readonly<Record<string, unknown>>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): MeasurementView[] {
    const { limit, offset, model, name } = measurementsQuery(parameters);
    const { clockMs } = this.environments.get(environment);
    const all = this.models(environment, model).flatMap(({ measurements }) => measurements.views(clockMs));
    const asked = all.filter(({ measurement }) => name === undefined || measurement === name);
    asked.sort(
      (a, b) => order(a.model, b.model) || Number(a.other) - Number(b.other) || order(a.measurement, b.measurement),
    );
    void reply.header('x-total-count', String(asked.length));
    return asked.slice(offset, offset + limit);
  }

  private models(environment: string, model: string | undefined): ModelFold[] {
    if (model !== undefined) return [this.environments.model(environment, model)];
    return [...this.environments.get(environment).models.values()];
  }
}

const order = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);
