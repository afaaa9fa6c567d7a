import { settingsReference } from '@moola/platform/settings/settings';
import { notifierSettings } from '../notifier-settings.js';
import { channelKinds } from './channel-kinds.js';

/** The settings of every kind of channel, and of the notifier, as a Markdown table. */
export function notificationSettingsReference(): string {
  const channels = channelKinds.flatMap(({ settings }) => Object.values(settings));
  const named = channels.map((setting) => ({ ...setting, variable: `MOOLA_CHANNEL_<NAME>_${setting.variable}` }));
  return settingsReference(Object.fromEntries([...named, ...Object.values(notifierSettings)].entries()));
}
