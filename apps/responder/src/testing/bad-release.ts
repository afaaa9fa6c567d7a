import { declared, IncidentStory } from './incident-story.js';

export const RULE = 'AccuracyDrop';
export const ID = `LSTM~${RULE}~1`;

/** v1 served and is known good; v2 is shipped at 00:10 and collapses. */
export function badRelease(definitions = declared('LSTM')): IncidentStory {
  return new IncidentStory('LSTM', definitions)
    .deployed('v0')
    .at('00:01')
    .deployed('v1')
    .budget('v0', 'out')
    .budget('v1', 'within')
    .at('00:10')
    .deployed('v2')
    .budget('v2', 'unknown', 'not proven')
    .at('00:40')
    .budget('v1', 'out')
    .budget('v2', 'out', 'not proven')
    .loses('v2', 0.12)
    .alert(RULE, 'v2', 'firing');
}

/** … until the comparison says so, and the alias is moved. */
export function mitigated(): IncidentStory {
  return badRelease()
    .at('00:50')
    .compared('v1', 'v2', 'v2', '00:10', [-0.1, 0.5])
    .at('01:00')
    .compared('v1', 'v2', 'v2', '00:10', [0.02, 0.6])
    .at('01:01')
    .result(ID, 1)
    .deployed('v1', 'responder')
    .alert(RULE, 'v2', 'resolved')
    .loses('v1', 0);
}
