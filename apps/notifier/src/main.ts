import { runService } from '@moola/platform/service/run-service';
import type { Variables } from '@moola/platform/service/service';
import { readSettingFile } from '@moola/platform/settings/settings-file';
import { systemClock } from '@moola/streams/adapters/system-clock';
import { notifierIn } from './notifier-in.js';
import { notifierSettings } from './notifier-settings.js';
import { SendMetrics } from './send/send-metrics.js';
import { channelVariables, readChannels, type ChannelsResult } from './send/channel-settings.js';

const channelsOf = (environment: Variables): ChannelsResult => readChannels({ environment, readFile: readSettingFile });

await runService({
  name: 'notifier',
  text: 'groups, mutes, routes and sends what people must hear.',
  settings: notifierSettings,
  otherVariables: channelVariables,
  problems(_settings, variables) {
    const channels = channelsOf(variables);
    return channels.ok ? [] : channels.problems;
  },
  streams(environment, { settings, variables, logger, metrics }) {
    const read = channelsOf(variables);
    const channels = () => (read.ok ? read.open({ clock: systemClock }) : new Map());
    const attempted = new SendMetrics(metrics).of(environment.name);
    return [notifierIn(environment, { ...settings, channels, stdout: process.stdout, logger, attempted })];
  },
});
