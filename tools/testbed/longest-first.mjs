import Sequencer from '@jest/test-sequencer';

/**
 * Suites that start real servers come first where Jest has not seen how long each suite takes, as in a fresh clone: the last to begin
 * is then a short one, and no worker waits for another.
 */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    const ordered = super.sort(tests);
    if (ordered.some(({ duration }) => duration !== undefined)) return ordered;
    const startsServers = ({ path }) => path.endsWith('.real.spec.ts');
    return [...ordered.filter(startsServers), ...ordered.filter((test) => !startsServers(test))];
  }
}
