import type { DynamicModule } from '@nestjs/common';
import type { Logger } from '@moola/platform/logging/logger';
import type { ServedEnvironment } from '@moola/platform/service/served-environments';
import { incidentUrl } from '@moola/wording/incident-url';
import { systemClock } from '@moola/streams/adapters/system-clock';
import { NotifierModule } from './notifier.module.js';
import type { ConfiguredChannels } from './send/channel-settings.js';
import { createSend, type Attempted } from './send/send.js';
import { silent } from './send/silent.js';
import { terminal } from './send/terminal/terminal.js';
import { replacedLine } from './send/wording.js';

export interface NotifierDependencies {
  /** Opens the channels that are configured; not called for a replay. */
  readonly channels: () => ConfiguredChannels;
  /** Prints what should have gone to a channel that is not configured. */
  readonly stdout: NodeJS.WriteStream;
  /** How long one attempt to send may take. */
  readonly timeoutMs: number;
  /** Where browsers reach the console; without it, messages carry no link. */
  readonly publicUrl?: string | undefined;
  /** A live notice that comes later is worth nothing. */
  readonly expireAfterMs: number;
  readonly logger: Logger;
  /** Told of every attempt to send. */
  readonly attempted?: Attempted;
}

/** The notifier of one environment. A replay tells nobody. */
export function notifierIn(
  { name, time }: ServedEnvironment,
  { channels, stdout, timeoutMs, publicUrl, expireAfterMs, logger, attempted }: NotifierDependencies,
): DynamicModule {
  const isLive = time === 'wall';
  const perform = createSend({
    ...{ channels: isLive ? channels() : new Map(), clock: systemClock, timeoutMs },
    urlOf: (incident) => incidentUrl(publicUrl, name, incident),
    terminal: isLive ? terminal(stdout) : silent,
    attempted: ({ channel, outcome }) => attempted?.({ channel: isLive ? channel : 'silent', outcome }),
    replaced: (channel) => isLive && logger.warn({ environment: name }, replacedLine(channel)),
  });
  return NotifierModule.with({ time, plan: { expiresAfterMs: isLive ? expireAfterMs : 0 }, perform });
}
