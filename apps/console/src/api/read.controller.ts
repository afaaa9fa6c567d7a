import { inStoryDates } from '@moola/wording/calendar';
import { Controller, Get, Inject, NotFoundException, Param, Query, Res } from '@nestjs/common';
import { Caller } from '@moola/platform/access/caller';
import { mayEnter, type Subject } from '@moola/platform/auth/subject';
import type { FastifyReply } from 'fastify';
import { withIncidentUrl } from '@moola/wording/incident-url';
import type { BreakdownView } from '../read-model/breakdown-views.js';
import type { CalendarView, EnvironmentView } from '../read-model/environment-views.js';
import type { AlertQualityView } from '../read-model/alert-quality-views.js';
import type { IncidentSummaryView, IncidentView } from '../read-model/incident-views.js';
import type { ModelView } from '../read-model/views.js';
import { byNeed } from '../read-model/by-need.js';
import { Environments } from './environments.js';
import { incidentQuery } from './incident-query.js';
import { pageQuery } from './page-query.js';

/** Every read. Any instance answers any of them, from its own fold of the fact topics. */
@Controller('api/v1/environments')
export class ReadController {
  constructor(@Inject(Environments) private readonly environments: Environments) {}

  @Get()
  list(@Caller() caller: Subject): EnvironmentView[] {
    const own = this.environments.all().filter(({ environment }) => mayEnter(caller, environment));
    return own.map((fold) => fold.view());
  }

  @Get(':environment')
  environment(@Param('environment') environment: string): EnvironmentView {
    return this.environments.get(environment).view();
  }

  @Get(':environment/calendar')
  calendar(@Param('environment') environment: string): CalendarView {
    const { calendar } = this.environments.get(environment);
    if (calendar !== null) return calendar;
    throw new NotFoundException(`environment ${environment} runs no replay: its times are what they say`);
  }

  /** `X-Total-Count` says how many there are, beside those of the page. */
  @Get(':environment/models')
  models(
    @Param('environment') environment: string,
    @Query() parameters: Readonly<Record<string, unknown>>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): ModelView[] {
    const { limit, offset, order } = pageQuery(parameters);
    const names = this.environments.get(environment).listedModels();
    void reply.header('x-total-count', String(names.length));
    if (order === 'need') {
      const views = names.map((model) => this.environments.modelView(environment, model)).sort(byNeed);
      return views.slice(offset, offset + limit);
    }
    return names.slice(offset, offset + limit).map((model) => this.environments.modelView(environment, model));
  }

  @Get(':environment/models/:model')
  model(@Param('environment') environment: string, @Param('model') model: string): ModelView {
    return this.environments.modelView(environment, model);
  }

  @Get(':environment/models/:model/breakdown')
  breakdown(@Param('environment') environment: string, @Param('model') model: string): BreakdownView[] {
    return this.environments.model(environment, model).breakdowns();
  }

  /** `X-Total-Count` says how many there are, `X-Next-Before` what to give as `before` for the next page. */
  @Get(':environment/incidents')
  incidents(
    @Param('environment') environment: string,
    @Query() parameters: Readonly<Record<string, unknown>>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): IncidentSummaryView[] {
    const { incidents, total, next } = this.environments.incidentPage(environment, incidentQuery(parameters));
    void reply.header('x-total-count', String(total));
    if (next !== null) void reply.header('x-next-before', encodeURIComponent(next));
    const { clockMs } = this.environments.get(environment);
    return incidents.map((each) => this.environments.placed(environment, each, each.summaryView(clockMs)));
  }

  @Get(':environment/alert-quality')
  quality(@Param('environment') environment: string): AlertQualityView {
    return this.environments.get(environment).quality.view();
  }

  @Get(':environment/incidents/:incident')
  incident(@Param('environment') environment: string, @Param('incident') incident: string): IncidentView {
    const fold = this.environments.incident(environment, incident);
    return this.environments.placed(environment, fold, fold.view(this.environments.get(environment).clockMs));
  }

  @Get(':environment/incidents/:incident/post-mortem')
  postMortem(
    @Param('environment') environment: string,
    @Param('incident') incident: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): string {
    const { markdown, isOpen } = this.environments.incident(environment, incident);
    if (markdown !== null) {
      // Not by a decorator: a problem is answered in JSON.
      reply.header('Content-Type', 'text/markdown; charset=utf-8');
      const dated = inStoryDates(this.environments.get(environment).calendar, markdown);
      return withIncidentUrl(dated, this.environments.incidentUrl(environment, incident));
    }
    throw new NotFoundException(
      isOpen
        ? `incident ${incident} is open: its post-mortem is written when it is resolved`
        : `the post-mortem of incident ${incident} is being written: ask again`,
    );
  }
}
