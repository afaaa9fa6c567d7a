import { runService } from '@moola/platform/service/run-service';
import { systemClock } from '@moola/streams/system-clock';
import { readFileSync } from 'node:fs';
import { NotifierModule } from './notifier.module.js';
import { notifierSettings } from './notifier-settings.js';
import { channelVariables, readChannels, type ChannelsResult } from './send/channel-settings.js';
import { createSend } from './send/send.js';
import { silent } from './send/silent.js';
import { terminal } from './send/terminal/terminal.js';
import { replacedLine } from './send/wording.js';

type Variables = Readonly<Record<string, string | undefined>>;

const channelsOf = (environment: Variables): ChannelsResult =>
  readChannels({ environment, readFile: (path) => readFileSync(path, 'utf8') });

await runService({
  name: 'notifier',
  text: 'groups, mutes, routes and sends what people must hear.',
  settings: notifierSettings,
  otherVariables: channelVariables,
  problems(_settings, variables) {
    const channels = channelsOf(variables);
    return channels.ok ? [] : channels.problems;
  },
  streams({ name, time }, { settings, variables, logger }) {
    const isReplay = time === 'replay';
    const channels = channelsOf(variables);
    const opened = channels.ok && !isReplay ? channels.open({ clock: systemClock }) : new Map();
    const perform = createSend({
      ...{ channels: opened, clock: systemClock, timeoutMs: settings.timeoutMs },
      terminal: isReplay ? silent : terminal(process.stdout),
      replaced: (channel) => !isReplay && logger.warn({ environment: name }, replacedLine(channel)),
    });
    return [NotifierModule.with({ time, plan: { expiresAfterMs: isReplay ? 0 : settings.expireAfterMs }, perform })];
  },
});
