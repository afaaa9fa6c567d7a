import { randomUUID } from 'node:crypto';
import { systemClock } from '@moola/streams/system-clock';
import { startEffect } from '@moola/streams/start-effect';
import type { Embedded } from '@moola/streams/embedded/open-embedded';
import { poisonLetters } from '@moola/platform/dead-letters/letters';
import type { InstallationKey } from '@moola/platform/dead-letters/seal';
import type { Logger } from '@moola/platform/logging/logger';
import type { StreamMetrics } from '@moola/platform/metrics/stream-metrics';
import type { Channel } from '@moola/notifier/send/channel';
import type { ConfiguredChannels } from '@moola/notifier/send/channel-settings';
import { sendEffect } from '@moola/notifier/send/effect';
import { replacedLine } from '@moola/notifier/send/wording';
import { createSend } from '@moola/notifier/send/send';
import { actionWorld } from '@moola/responder/act/action-world';
import { actEffect } from '@moola/responder/act/effect';
import { startEnvironment, type RunningEnvironment } from '../environment/environment.js';
import type { EnvironmentTime } from '../environment/processors.js';

export interface CoreOptions {
  readonly name: string;
  readonly time: EnvironmentTime;
  readonly partitions: number;
  readonly data: Embedded;
  readonly key: InstallationKey;
  readonly logger: Logger;
  readonly metrics: StreamMetrics;
  /** Where rollbacks move an alias: an MLflow server, or this process's own registry. */
  readonly registryUrl: string;
  readonly registryToken: string | undefined;
  readonly channels: ConfiguredChannels;
  /** How long one attempt to send may take. */
  readonly notifyTimeoutMs: number;
  /** Stands in for every channel that is not configured. */
  readonly terminal: Channel;
}

/** Runs one environment whole: its processors, and the effects with what they need of the world. */
export function startCore(options: CoreOptions): Promise<RunningEnvironment> {
  const { name, data, logger } = options;
  const world = actionWorld({ url: options.registryUrl, token: options.registryToken ?? null }, () =>
    systemClock.nowMs(),
  );
  const send = createSend({
    channels: options.channels,
    terminal: options.terminal,
    clock: systemClock,
    timeoutMs: options.notifyTimeoutMs,
    replaced: (channel) => options.time === 'wall' && logger.warn({ environment: name }, replacedLine(channel)),
  });
  const common = {
    ...{ log: data.log, store: data.store, clock: systemClock, token: randomUUID, environment: name },
    notices: (notice: object) => logger.warn({ environment: name, ...notice }, 'a task needs attention'),
  };
  const act = actEffect(world);
  return startEnvironment({
    ...{ name, time: options.time, partitions: options.partitions, log: data.log, store: data.store },
    deadLetters: poisonLetters(options.key),
    effects: [() => startEffect({ ...common, ...act }), () => startEffect({ ...common, ...sendEffect(send, 1) })],
    notices: common.notices,
    metrics: (processor) => options.metrics.of(name, processor),
  });
}
