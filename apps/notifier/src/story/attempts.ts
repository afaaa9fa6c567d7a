import { create, type MessageInitShape } from '@bufbuild/protobuf';
import {
  DeliveryIntentSchema,
  DeliveryOutcome,
  type DeliveryIntent,
  type DeliveryReceipt,
} from '@moola/contracts/gen/moola/v1/actions_pb';
import type { Clock } from '@moola/streams/ports/clock';
import { incidentUrl } from '@moola/wording/incident-url';
import { systemClock } from '@moola/streams/adapters/system-clock';
import { readChannels } from '../send/channel-settings.js';
import type { Notice } from '../send/channel.js';
import { createSend, type Perform, type SendOptions } from '../send/send.js';
import { terminal } from '../send/terminal/terminal.js';
import { Screen } from './screen.js';

/** Wall time stands still at the story's instant; time-outs pass as they do. */
export const storyMs = Date.UTC(2008, 5, 27, 14, 3, 9);
export const storyClock: Clock = { nowMs: () => storyMs, after: (delayMs, run) => systemClock.after(delayMs, run) };

export function intentFor(channel: string, fields: MessageInitShape<typeof DeliveryIntentSchema> = {}): DeliveryIntent {
  const [channelKind = '', channelName = ''] = channel.split('/');
  return create(DeliveryIntentSchema, {
    ...{ atMs: storyMs, notification: 'SimpleLSTM~AccuracyDrop~1/3/team', channelKind, channelName, attempt: 1 },
    dedupKey: 'moola.example.SimpleLSTM~AccuracyDrop~1',
    eventAction: 'trigger',
    severity: 'critical',
    title: 'CRITICAL SimpleLSTM: Accuracy 24 %, limit 80 %, v2, since 14:01 UTC',
    text: 'Accuracy < 80 % on v2 & falling.\nIncident SimpleLSTM~AccuracyDrop~1.',
    runbook: 'https://wiki.example.org/accuracy',
    ...{ model: 'SimpleLSTM', incident: 'SimpleLSTM~AccuracyDrop~1', audience: 'team' },
    ...fields,
  });
}

/** The same as a channel gets it. */
export function noticeFor(channel: string, fields: MessageInitShape<typeof DeliveryIntentSchema> = {}): Notice {
  return { ...intentFor(channel, fields), url: 'https://moola.example.com/?environment=example#/incidents/1' };
}

export interface Attempts {
  readonly perform: Perform;
  readonly screen: Screen;
}

/** `send` with the channels of an environment, and a screen for the rest. */
export function attemptsWith(
  environment: Readonly<Record<string, string>>,
  options: Partial<SendOptions> = {},
): Attempts {
  const channels = readChannels({ environment, readFile: () => '' });
  if (!channels.ok) throw new Error(channels.problems.join('\n'));
  const screen = new Screen();
  const perform = createSend({
    channels: channels.open({ clock: storyClock }),
    terminal: terminal(screen),
    clock: storyClock,
    timeoutMs: 30_000,
    urlOf: (incident) => incidentUrl('https://moola.example.com', 'example', incident),
    replaced: () => undefined,
    ...options,
  });
  return { perform, screen };
}

/** `RETRYABLE after 7000 ms: HTTP 429` */
export function inWords({ outcome, retryAfterMs, detail }: DeliveryReceipt): string {
  return `${DeliveryOutcome[outcome]}${retryAfterMs > 0 ? ` after ${retryAfterMs} ms` : ''}: ${detail}`;
}
