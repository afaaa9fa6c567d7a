import { randomUUID } from 'node:crypto';
import { BridgeModule } from '@moola/bridge/bridge.module';
import type { CollectorOptions } from '@moola/collector/collector-options';
import { CollectorModule } from '@moola/collector/collector.module';
import { ExperimentModule } from '@moola/experiment/experiment.module';
import { NotifierModule } from '@moola/notifier/notifier.module';
import type { Channel } from '@moola/notifier/send/channel';
import type { ConfiguredChannels } from '@moola/notifier/send/channel-settings';
import { createSend, type Perform } from '@moola/notifier/send/send';
import { replacedLine } from '@moola/notifier/send/wording';
import { poisonLetters } from '@moola/platform/dead-letters/letters';
import type { InstallationKey } from '@moola/platform/dead-letters/seal';
import { nestLogger, type Logger } from '@moola/platform/logging/logger';
import type { StreamMetrics } from '@moola/platform/metrics/stream-metrics';
import { actionWorld } from '@moola/responder/act/action-world';
import { ResponderModule } from '@moola/responder/responder.module';
import type { Embedded } from '@moola/streams/embedded/open-embedded';
import type { EnvironmentTime } from '@moola/streams/environment-time';
import { systemClock } from '@moola/streams/system-clock';
import { TrackerModule } from '@moola/tracker/tracker.module';
import { startEnvironment, type RunningEnvironment } from '@moola/streams/nest/start-environment';

export interface CoreOptions {
  readonly name: string;
  readonly time: EnvironmentTime;
  readonly partitions: number;
  readonly data: Embedded;
  readonly key: InstallationKey;
  readonly collector: CollectorOptions;
  readonly logger: Logger;
  readonly metrics: StreamMetrics;
  /** How often time is written into a live environment while events arrive. */
  readonly tickMs: number;
  /** Where rollbacks move an alias: an MLflow server, or this process's own registry. */
  readonly registryUrl: string;
  readonly registryToken: string | undefined;
  readonly channels: ConfiguredChannels;
  /** Live actions and notices are worth nothing when they come this late. */
  readonly expireAfterMs: number;
  /** How long one attempt to send may take. */
  readonly notifyTimeoutMs: number;
  /** Stands in for every channel that is not configured. */
  readonly terminal: Channel;
}

/** Runs every service in one environment, in the order in which data flows, with what they need of the world. */
export function startCore(options: CoreOptions): Promise<RunningEnvironment> {
  const { name, time, partitions, data, logger } = options;
  const expires = time === 'wall' ? options.expireAfterMs : 0;
  const registry = { url: options.registryUrl, token: options.registryToken ?? null };
  const services = [
    CollectorModule.with(options.collector),
    TrackerModule,
    ExperimentModule,
    BridgeModule,
    ResponderModule.with({
      ...{ time, partitions, decide: { actionsExpireAfterMs: expires } },
      world: actionWorld(registry, () => systemClock.nowMs()),
    }),
    NotifierModule.with({ time, plan: { expiresAfterMs: expires }, perform: sendOf(options) }),
  ];
  const environment = {
    ...{ environment: name, time, log: data.log, store: data.store, clock: systemClock, token: randomUUID },
    deadLetters: poisonLetters(options.key),
    notices: (notice: object) => logger.warn({ environment: name, ...notice }, 'a task needs attention'),
    tickMs: options.tickMs,
    metrics: (processor: string) => options.metrics.of(name, processor),
  };
  return startEnvironment(environment, services, nestLogger(logger));
}

function sendOf({ name, time, logger, channels, terminal, notifyTimeoutMs }: CoreOptions): Perform {
  return createSend({
    ...{ channels, terminal, clock: systemClock, timeoutMs: notifyTimeoutMs },
    replaced: (channel) => time === 'wall' && logger.warn({ environment: name }, replacedLine(channel)),
  });
}
