import { channelKey, withChannel, type ChannelName, type ChannelProgress, type RouteProgress } from './planned.js';
import type { Stage } from './stage.js';

/**
 * Moves each route to the channel whose turn it is: past those that have failed, to its end when one has delivered. A
 * channel that another route has tried already is not tried again; what came of it holds for both.
 */
export const failOver: Stage = {
  name: 'fail over',
  apply(planned, { nowMs }) {
    let moved = planned;
    for (const [index, route] of planned.routes.entries()) {
      const at = turnOf(route, moved.channels);
      moved = { ...moved, routes: moved.routes.with(index, { ...route, at }) };
      const channel = route.channels[at];
      if (channel === undefined || channelKey(channel) in moved.channels) continue;
      moved = withChannel(moved, { ...channel, state: 'waiting', attempts: 0, dueAtMs: nowMs, reason: '' });
    }
    return moved;
  },
};

function turnOf({ at, channels }: RouteProgress, tried: Readonly<Record<string, ChannelProgress>>): number {
  for (let index = at; index < channels.length; index++) {
    const state = tried[channelKey(channels[index] as ChannelName)]?.state;
    if (state === 'delivered') return channels.length;
    if (state !== 'failed') return index;
  }
  return channels.length;
}
