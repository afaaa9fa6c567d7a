import { channelsInOrder, channelKey, type ChannelName, type Planned } from './planned.js';

const lastResort: ChannelName = { kind: 'terminal', name: 'last-resort' };

/** Every route ends at the terminal: where all channels have failed, the operator's own screen says so. */
export function withLastResort(channels: readonly ChannelName[]): readonly ChannelName[] {
  const named = channels.map(({ kind, name }) => ({ kind, name }));
  return named.some(({ kind }) => kind === 'terminal') ? named : [...named, lastResort];
}

export function isLastResort(channel: ChannelName): boolean {
  return channelKey(channel) === channelKey(lastResort);
}

/** The notification's text, and by which channels it could not be told and why. */
export function lastResortText(planned: Planned): string {
  const failures = channelsInOrder(planned)
    .filter(({ state }) => state === 'failed')
    .map((channel) => `${channelKey(channel)} (${channel.reason})`);
  const channels = failures.length === 0 ? 'any channel (it came too late)' : failures.join(', ');
  return `${planned.text}\n\nNot delivered by ${channels}.`;
}
