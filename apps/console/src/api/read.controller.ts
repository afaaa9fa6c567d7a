import { Controller, Get, Header, Inject, NotFoundException, Param, Query } from '@nestjs/common';
import type {
  EnvironmentView,
  HistoryPoint,
  IncidentSummaryView,
  IncidentView,
  ModelView,
} from '../read-model/views.js';
import { Environments } from './environments.js';

/** Every read. Any instance answers any of them, from its own fold of the fact topics. */
@Controller('api/v1/environments')
export class ReadController {
  constructor(@Inject(Environments) private readonly environments: Environments) {}

  @Get()
  list(): EnvironmentView[] {
    return this.environments.all().map((fold) => fold.view());
  }

  @Get(':environment')
  environment(@Param('environment') environment: string): EnvironmentView {
    return this.environments.get(environment).view();
  }

  @Get(':environment/models')
  models(@Param('environment') environment: string): ModelView[] {
    const fold = this.environments.get(environment);
    return [...fold.models.keys()].sort().map((model) => this.environments.model(environment, model));
  }

  @Get(':environment/models/:model')
  model(@Param('environment') environment: string, @Param('model') model: string): ModelView {
    return this.environments.model(environment, model);
  }

  @Get(':environment/models/:model/history')
  history(
    @Param('environment') environment: string,
    @Param('model') model: string,
    @Query('metric') metric = 'accuracy',
    @Query('window') window?: string,
  ): { metric: string; windowMs: number | null; points: HistoryPoint[] } {
    this.environments.model(environment, model);
    const fold = this.environments.get(environment).models.get(model);
    const windowMs = window === undefined ? null : Number(window);
    return { metric, ...(fold?.history.read(metric, windowMs) ?? { windowMs: null, points: [] }) };
  }

  @Get(':environment/incidents')
  incidents(@Param('environment') environment: string): IncidentSummaryView[] {
    const fold = this.environments.get(environment);
    return [...fold.incidents.values()]
      .map((incident) => incident.summaryView(fold.clockMs))
      .sort((a, b) => b.openedAtMs - a.openedAtMs);
  }

  @Get(':environment/incidents/:incident')
  incident(@Param('environment') environment: string, @Param('incident') incident: string): IncidentView {
    return this.environments.incident(environment, incident).view(this.environments.get(environment).clockMs);
  }

  @Get(':environment/incidents/:incident/post-mortem')
  @Header('Content-Type', 'text/markdown; charset=utf-8')
  postMortem(@Param('environment') environment: string, @Param('incident') incident: string): string {
    const { markdown } = this.environments.incident(environment, incident);
    if (markdown !== null) return markdown;
    throw new NotFoundException(`incident ${incident} is open: its post-mortem is written when it is resolved`);
  }
}
