import { channelsInOrder, currentChannel, channelKey, withChannel, type Planned } from './planned.js';
import type { Stage } from './stage.js';

/**
 * Once an incident is resolved, its earlier notifications are not tried again: a late retry would open an alert anew at a
 * peer that has closed it (PagerDuty does), and wake somebody for nothing. What is on its way is waited for.
 */
export const supersede: Stage = {
  name: 'supersede',
  apply(planned) {
    return planned.isSuperseded ? withdrawn(planned) : planned;
  },
};

function withdrawn(planned: Planned): Planned {
  let left = planned;
  for (const channel of channelsInOrder(planned)) {
    if (channel.state === 'waiting') {
      left = withChannel(left, { ...channel, state: 'failed', reason: 'the incident was resolved meanwhile' });
    }
  }
  const routes = left.routes.map((route) => {
    const channel = currentChannel(route);
    const isOnItsWay = channel !== undefined && left.channels[channelKey(channel)]?.state === 'asked';
    return { ...route, channels: route.channels.slice(0, isOnItsWay ? route.at + 1 : route.at) };
  });
  return { ...left, routes };
}
