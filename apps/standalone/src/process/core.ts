import { BridgeModule } from '@moola/bridge/bridge.module';
import type { CollectorOptions } from '@moola/collector/collector-options';
import { CollectorModule } from '@moola/collector/collector.module';
import { ExperimentModule } from '@moola/experiment/experiment.module';
import { notifierIn } from '@moola/notifier/notifier-in';
import type { ConfiguredChannels } from '@moola/notifier/send/channel-settings';
import type { Attempted } from '@moola/notifier/send/send';
import { runEnvironment, type EnvironmentDependencies } from '@moola/platform/service/run-environment';
import type { Acted } from '@moola/responder/act/act-metrics';
import type { RegistrySettings } from '@moola/responder/act/action-dependencies';
import { responderIn } from '@moola/responder/responder-in';
import type { RunningEnvironment } from '@moola/streams/nest/start-environment';
import { TrackerModule } from '@moola/tracker/tracker.module';

export interface CoreOptions extends EnvironmentDependencies {
  /** Of the topics keyed by model. */
  readonly partitions: number;
  readonly collector: CollectorOptions;
  /** Where rollbacks move an alias: an MLflow server, or this process's own registry. */
  readonly registry: RegistrySettings;
  readonly channels: ConfiguredChannels;
  readonly stdout: NodeJS.WriteStream;
  /** Live actions and notices are worth nothing when they come this late. */
  readonly expireAfterMs: number;
  /** How long one attempt to send may take. */
  readonly timeoutMs: number;
  /** Where browsers reach the console: for links in messages. A replay sends none. */
  readonly publicUrl?: string | undefined;
  /** Told of every attempt to send. */
  readonly attempted?: Attempted;
  /** Told of every action. */
  readonly acted?: Acted;
}

/** Runs every service in one environment, in the order in which data flows. */
export function startCore(options: CoreOptions): Promise<RunningEnvironment> {
  const services = [
    CollectorModule.with(options.collector),
    TrackerModule,
    ExperimentModule,
    BridgeModule,
    responderIn(options, options),
    notifierIn(options, { ...options, channels: () => options.channels }),
  ];
  return runEnvironment(options, services);
}
