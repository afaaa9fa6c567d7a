import { Module, type DynamicModule } from '@nestjs/common';
import { ApiTokens } from '@moola/platform/auth/api-tokens/api-tokens';
import type { EventLog } from '@moola/streams/ports/event-log';
import { ChangeFeed } from './api/change-feed.js';
import { Environments } from './api/environments.js';
import { HistoryController } from './api/history.controller.js';
import { AskedInfrastructureController } from './api/infrastructure.controller.js';
import { LiveController } from './api/live.controller.js';
import { OpenApiController } from './api/openapi/openapi.controller.js';
import { ReadController } from './api/read.controller.js';
import { SubjectsController } from './api/subjects.controller.js';
import { CommandAnswersController } from './commands/command-answers.controller.js';
import { CommandController } from './commands/command.controller.js';
import { MissedController } from './commands/missed.controller.js';
import { DefinitionsController } from './commands/definitions.controller.js';
import { DeadLetters } from './dead-letters/dead-letters.js';
import { DeadLettersController } from './dead-letters/dead-letters.controller.js';
import { StoreHistoryController } from './history/api/store-history.controller.js';
import { Histories } from './history/histories.js';
import { ModelMetrics } from './model-metrics/model-metrics.js';
import { ModelMetricsController } from './model-metrics/model-metrics.controller.js';
import type { EnvironmentFold } from './read-model/environment-fold.js';
import { MeController } from './tokens/me.controller.js';
import { TokensController } from './tokens/tokens.controller.js';

/** The read side: every read, changes as they happen, what a person may write, and who may do what. */
@Module({})
export class ConsoleModule {
  /** @param publicUrl where browsers reach the console: for links to incidents */
  static of(
    log: EventLog,
    folds: readonly EnvironmentFold[],
    feed: ChangeFeed,
    letters: DeadLetters,
    publicUrl: string | undefined,
    maximumVersionsInMetrics: number,
    tokens: ApiTokens,
    histories: Histories,
  ): DynamicModule {
    return {
      module: ConsoleModule,
      controllers: [
        ReadController,
        HistoryController,
        StoreHistoryController,
        SubjectsController,
        AskedInfrastructureController,
        LiveController,
        CommandController,
        MissedController,
        CommandAnswersController,
        DefinitionsController,
        DeadLettersController,
        OpenApiController,
        ModelMetricsController,
        MeController,
        TokensController,
      ],
      providers: [
        { provide: 'EventLog', useValue: log },
        { provide: Environments, useValue: new Environments(folds, publicUrl) },
        { provide: ChangeFeed, useValue: feed },
        { provide: DeadLetters, useValue: letters },
        { provide: ModelMetrics, useValue: new ModelMetrics(folds, maximumVersionsInMetrics) },
        { provide: ApiTokens, useValue: tokens },
        { provide: Histories, useValue: histories },
      ],
    };
  }
}
