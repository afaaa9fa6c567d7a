import { variablesOf, type ConfiguredChannels } from './channel-settings.js';

/** What is said once at start: which channels reach people, and what becomes of the others. */
export function configuredLine(channels: ConfiguredChannels): string {
  const names = [...channels.keys()].sort().join(', ');
  return names === ''
    ? 'no channel is configured: the terminal prints every notification'
    : `channels: ${names}; the terminal prints what is for any other`;
}

/** What is said once of each channel that the terminal stands in for. */
export function replacedLine(channel: { readonly kind: string; readonly name: string }): string {
  const variables = variablesOf(channel);
  const remedy = variables.length === 0 ? `"${channel.kind}" is no kind of channel` : `set ${variables.join(', ')}`;
  return `${channel.kind}/${channel.name} is not configured: the terminal prints its messages (${remedy})`;
}
