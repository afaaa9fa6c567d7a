import { channelKey, channelsInOrder, withChannel, type Planned } from './planned.js';
import type { Stage } from './stage.js';

/**
 * After its deadline nobody is paged with a notification any more: no further attempt, and of the channels that were not
 * tried only the terminal, which says so. An attempt that is on its way is waited for.
 */
export const expire: Stage = {
  name: 'expire',
  apply(planned, { nowMs }) {
    return planned.deadlineMs !== null && nowMs >= planned.deadlineMs ? expired(planned) : planned;
  },
};

function expired(planned: Planned): Planned {
  let left = planned;
  for (const channel of channelsInOrder(planned)) {
    if (channel.state === 'waiting' && channel.kind !== 'terminal') {
      const reason = channel.reason === '' ? 'expired' : `${channel.reason}; expired`;
      left = withChannel(left, { ...channel, state: 'failed', reason });
    }
  }
  const routes = left.routes.map((route) => ({
    ...route,
    channels: route.channels.filter((channel) => channel.kind === 'terminal' || channelKey(channel) in left.channels),
  }));
  return { ...left, routes };
}
