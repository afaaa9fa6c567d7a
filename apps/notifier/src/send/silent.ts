import type { Channel } from './channel.js';

/** A replay tells nobody: what it would have said stands in the incident's timeline. */
export const silent: Channel = {
  foldsRepetitions: true,
  attempt: () => Promise.resolve({ outcome: 'delivered', detail: 'kept: a replay tells nobody' }),
};
