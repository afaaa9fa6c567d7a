import { create } from '@bufbuild/protobuf';
import { ActionItemSchema, type ActionItem } from '@moola/contracts/gen/moola/v1/incidents_pb';
import type { Incident } from '../incidents/incident.js';
import { outcomeWords } from '@moola/wording/outcomes';
import type { Cause } from './cause.js';
import { ofKind, type Story } from './story.js';

/** What was done while it was open. */
export function immediateRemediation(incident: Incident, story: Story): readonly string[] {
  const actions = ofKind(story.events, 'action').flatMap(({ event, value: { intent } }) => {
    if (intent?.kind.case !== 'moveAlias') return [];
    const { from, to } = intent.kind.value;
    const result = ofKind(story.events, 'result').find(({ value }) => value.step === intent.step);
    const outcome = result === undefined ? 'has no result yet' : outcomeWords[result.value.outcome];
    return [`Moving from ${from} to ${to} (event ${event.number}) ${outcome}.`];
  });
  const verified = ofKind(story.events, 'verified').map(
    ({ event, value }) => `The effect of ${value.to} was verified (event ${event.number}): ${value.evidence}.`,
  );
  const skipped = ofKind(story.events, 'notApplicable').map(
    ({ event, value }) => `Action "${value.action}" was not applicable (event ${event.number}): ${value.reason}.`,
  );
  const done = [...actions, ...verified, ...skipped];
  return done.length > 0 ? done : [`Nothing was changed by the system; ${incident.id} ended without it.`];
}

/** What removes the cause. */
export function longTermRemediation(cause: Cause, incident: Incident): readonly string[] {
  switch (cause.kind) {
    case 'release':
      return [
        `Find out what differs between ${cause.decision.from} and ${cause.decision.to} (training span, class balance, features) and correct it before ${cause.decision.from} or its successor serves again.`,
        `Keep ${cause.decision.to} running in shadow, so that the next release has something to be compared with.`,
      ];
    case 'data':
      return [
        `Train a version on the changed data and let it run in shadow against ${cause.decision.from}.`,
        'Look whether the limit still describes what the model can do on such data.',
      ];
    case 'open':
    case 'unasked':
      return [
        `Establish why ${incident.title.charAt(0).toLowerCase()}${incident.title.slice(1)}; the timeline holds the figures.`,
      ];
  }
}

/** What would have kept it from happening, or from lasting. */
export function prevention(cause: Cause, incident: Incident, story: Story): readonly string[] {
  const missed = ofKind(story.events, 'deadlineMissed').some(({ value }) => value.deadline !== 'verification');
  const people = missed ? ['Review who is on call and how they are reached: a deadline passed without an answer.'] : [];
  switch (cause.kind) {
    case 'release':
      return [
        'Let a release run in shadow until the paired comparison with what serves has a bound, and ship it only when that speaks for it.',
        'Hold a release to precision and recall beside accuracy: accuracy alone flatters in calm times.',
        ...people,
      ];
    case 'data':
      return ['Watch the inputs for drift, so that changed data are seen before their labels are.', ...people];
    case 'open':
    case 'unasked':
      return [
        `Keep an older version in shadow for ${incident.model}, so that the next incident can be told from changed data.`,
        ...people,
      ];
  }
}

/** Who does what next. What the system has done itself is there as done. */
export function actionItems(cause: Cause, incident: Incident, story: Story): readonly ActionItem[] {
  const items: ActionItem[] = [];
  const add = (text: string, owner: string, state: 'open' | 'done') =>
    items.push(create(ActionItemSchema, { text, owner, state }));
  for (const { value } of ofKind(story.events, 'verified'))
    add(`Move from ${value.from} to ${value.to}`, 'responder', 'done');
  switch (cause.kind) {
    case 'release':
      add(`Correct or retire ${cause.decision.from}`, 'team', 'open');
      break;
    case 'data':
      add('Retrain on the changed data', 'team', 'open');
      break;
    case 'open':
    case 'unasked':
      add('Establish the technical root cause', 'team', 'open');
      break;
  }
  if (ofKind(story.events, 'deadlineMissed').some(({ value }) => value.deadline !== 'verification')) {
    add('Review the on-call response', 'manager', 'open');
  }
  for (const { value } of ofKind(story.events, 'notApplicable')) {
    add(`Decide whether to set up "${value.action}" for ${incident.model}`, 'team', 'open');
  }
  return items;
}
