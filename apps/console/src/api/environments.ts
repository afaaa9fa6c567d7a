import { NotFoundException } from '@nestjs/common';
import { incidentUrl } from '@moola/wording/incident-url';
import type { EnvironmentFold } from '../read-model/environment-fold.js';
import type { IncidentFold } from '../read-model/incident-fold.js';
import type { ModelFold } from '../read-model/model-fold.js';
import type { IncidentSummaryView } from '../read-model/incident-views.js';
import type { ModelView } from '../read-model/views.js';
import { pageOfIncidents, type IncidentPage } from './incident-page.js';
import type { IncidentQuery } from './incident-query.js';

/** The environments of this process, by name. */
export class Environments {
  private readonly folds: ReadonlyMap<string, EnvironmentFold>;

  constructor(
    folds: readonly EnvironmentFold[],
    private readonly publicUrl: string | undefined,
  ) {
    this.folds = new Map(folds.map((fold) => [fold.environment, fold]));
  }

  all(): readonly EnvironmentFold[] {
    return [...this.folds.values()];
  }

  /** @throws {NotFoundException} that names what there is */
  get(environment: string): EnvironmentFold {
    const fold = this.folds.get(environment);
    if (fold !== undefined) return fold;
    throw new NotFoundException(
      `there is no environment "${environment}"; there are ${[...this.folds.keys()].join(', ')}`,
    );
  }

  /** @throws {NotFoundException} */
  model(environment: string, model: string): ModelFold {
    const fold = this.get(environment).models.get(model);
    if (fold !== undefined) return fold;
    throw new NotFoundException(`environment ${environment} has seen no event of a model "${model}"`);
  }

  /** @throws {NotFoundException} */
  modelView(environment: string, model: string): ModelView {
    return this.model(environment, model).view(this.get(environment).openIncidentsOf(model));
  }

  /** Where browsers reach an incident; empty where that is not known. */
  incidentUrl(environment: string, incident: string): string {
    return incidentUrl(this.publicUrl, environment, incident);
  }

  /** @throws {NotFoundException} of a page after an incident that there is not */
  incidentPage(environment: string, query: IncidentQuery): IncidentPage {
    const page = pageOfIncidents(this.get(environment).incidents, query);
    if (page !== null) return page;
    throw new NotFoundException(
      `environment ${environment} has no incident "${query.before}": begin again without "before"`,
    );
  }

  /** An incident with what its model and its address add to it. */
  placed<T extends IncidentSummaryView>(
    environment: string,
    { model, rule, subject, onSegment, id, isOpen }: IncidentFold,
    view: T,
  ): T {
    const noDataSinceMs = isOpen
      ? (this.get(environment).models.get(model)?.noDataSinceMs(rule, subject, onSegment) ?? null)
      : null;
    return { ...view, noDataSinceMs, url: this.incidentUrl(environment, id) };
  }

  /** @throws {NotFoundException} */
  incident(environment: string, incident: string): IncidentFold {
    const fold = this.get(environment).incidents.get(incident);
    if (fold !== undefined) return fold;
    throw new NotFoundException(`environment ${environment} has no incident "${incident}"`);
  }
}
