import type { ModuleMetadata } from '@nestjs/common';
import type { CheckpointStore } from '@moola/streams/ports/checkpoint-store';
import type { EventLog } from '@moola/streams/ports/event-log';
import type { FastifyInstance } from 'fastify';
import type { ApiTokens } from '../auth/api-tokens/api-tokens.js';
import type { InstallationKey } from '../dead-letters/seal.js';
import type { Health } from '../health/health.js';
import type { Logger } from '../logging/logger.js';
import type { Metrics } from '../metrics/metrics.js';
import type { ProcessSettings } from '../settings/process-settings.js';
import type { SettingsSpec, Settings } from '../settings/settings.js';
import type { DistributedSettings } from './distributed-settings.js';
import type { ServedEnvironment } from './served-environments.js';

export type Modules = NonNullable<ModuleMetadata['imports']>;

/** Environment variables, those of the settings file among them. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** What a service is given of its process. */
export interface ServiceContext<S extends SettingsSpec> {
  readonly settings: Settings<S> & ProcessSettings & DistributedSettings;
  readonly variables: Variables;
  readonly environments: readonly ServedEnvironment[];
  readonly log: EventLog;
  readonly store: CheckpointStore;
  /** Seals dead letters; the same in all processes. */
  readonly key: InstallationKey;
  readonly logger: Logger;
  /** Named tokens, which this process reads. */
  readonly apiTokens: ApiTokens;
  readonly metrics: Metrics;
  /** Aborted when the process ends. */
  readonly signal: AbortSignal;
  /** Resolves when the log and the store have answered and the topics are as they must be; before, HTTP answers already. */
  readonly ready: Promise<void>;
  /** What parts may say of themselves beside being ready. */
  readonly health: Health;
  /** Why the log cannot be reached at the moment; `null` when it can. */
  readonly logAway: () => string | null;
}

/**
 * What a service needs to be of use. `log and store`: it is not ready without either. `log to read`: without Kafka it goes
 * on answering from what it has read, and says that it may be old; it needs no Redis.
 */
export type ServiceNeeds = 'log and store' | 'log to read';

/** What a service answers over HTTP, beside health and metrics, and what it does beside its streams. */
export interface ServiceParts {
  readonly modules?: Modules;
  readonly routes?: readonly ((fastify: FastifyInstance) => void)[];
  /** Parts that run until the signal aborts; one that rejects ends the process. */
  readonly running?: readonly Promise<unknown>[];
}

/** One service, as a process of its own. */
export interface Service<S extends SettingsSpec> {
  /** `tracker` */
  readonly name: string;
  /** One sentence for `--help`. */
  readonly text: string;
  /** @default 'log and store' */
  readonly needs?: ServiceNeeds;
  /** Settings of its own. */
  readonly settings: S;
  /** Variables that it reads beside its settings, whose names are not known before. */
  readonly otherVariables?: RegExp;
  /** What is wrong with its settings beyond what each says alone. */
  problems?(settings: Settings<S>, variables: Variables): readonly string[];
  /** The modules with the processors and effects of one environment. */
  streams(environment: ServedEnvironment, context: ServiceContext<S>): Modules;
  parts?(context: ServiceContext<S>): Promise<ServiceParts>;
}
