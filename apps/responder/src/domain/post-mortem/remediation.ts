import { create } from '@bufbuild/protobuf';
import {
  ActionItemSchema,
  CauseKind,
  EndingKind,
  RollbackAnswer,
  TargetFault,
  type ActionItem,
  type PostMortemCause,
  type PostMortemEnding,
} from '@moola/contracts/gen/moola/v1/incidents_pb';
import { actorText } from '@moola/wording/actor';
import { instant } from '@moola/wording/instants';
import { outcomeWords } from '@moola/wording/outcomes';
import { incidentAbout, type Incident } from '../incidents/incident.js';
import { isRollbackConsidered, ofKind, type Story } from './story.js';

/** What was found, and what ended it. */
export interface Findings {
  readonly cause: PostMortemCause;
  readonly ending: PostMortemEnding;
}

/** What was done while it was open, and what ended it. */
export function immediateRemediation({ ending }: Findings, story: Story): readonly string[] {
  const actions = ofKind(story.events, 'action').flatMap(({ event, value: { intent } }) => {
    if (intent?.kind.case !== 'moveAlias') return [];
    const { from, to } = intent.kind.value;
    const result = ofKind(story.events, 'result').findLast(({ value }) => value.step === intent.step);
    const outcome = result === undefined ? 'has no result yet' : outcomeWords[result.value.outcome];
    return [`Moving from ${from} to ${to} (event ${event.number}) ${outcome}.`];
  });
  const verified = ofKind(story.events, 'verified').map(
    ({ event, value }) => `The effect of ${value.to} was verified (event ${event.number}): ${value.evidence}.`,
  );
  const left = ofKind(story.events, 'notApplicable')
    .filter(({ value }) => value.action === 'move_alias')
    .map(({ event, value }) => `The system moved nothing (event ${event.number}): ${value.reason}.`);
  return [...actions, ...verified, ...left, `What ended it: ${endingText(ending)}.`];
}

/** What ended the incident. */
export function endingText({ kind, from, to, by, authenticated, event }: PostMortemEnding): string {
  switch (kind) {
    case EndingKind.ROLLBACK:
      return `the rollback from ${from} to ${to} (event ${event})`;
    case EndingKind.DEPLOYMENT:
      return `the deployment of ${to} instead of ${from}${by === '' ? '' : ` by ${by}`} (event ${event})`;
    case EndingKind.BY_HAND:
      return `${actorText(by, authenticated)} resolved it by hand`;
    case EndingKind.RECOVERED:
    case EndingKind.UNSPECIFIED:
      return 'nothing was changed: the figures came back by themselves';
  }
}

/** What removes the cause. */
export function longTermRemediation({ cause }: Findings, incident: Incident): readonly string[] {
  const { version, other } = cause;
  switch (cause.kind) {
    case CauseKind.RELEASE:
      return [
        `Find out what differs between ${version} and ${other} (training data, class balance, features), and correct it before ${version} or its successor is shipped.`,
      ];
    case CauseKind.DATA:
      return [
        `Train a version on the changed data, and compare it in shadow with ${version}.`,
        'Check whether the limit still describes what the model can do on such data.',
      ];
    case CauseKind.NOT_ESTABLISHED:
    case CauseKind.NOT_COMPARED:
    case CauseKind.UNSPECIFIED:
      return [`Find out why ${incident.rule} fired on ${incidentAbout(incident)}; the timeline holds the figures.`];
  }
}

/** What would have kept it from happening, or from lasting. Never what is there already. */
export function prevention({ cause }: Findings, incident: Incident, story: Story): readonly string[] {
  const missed = ofKind(story.events, 'deadlineMissed').some(({ value }) => value.deadline !== 'verification');
  const people = missed ? ['Review who is on call and how they are reached: a deadline passed without an answer.'] : [];
  const advice = [...adviceOn(cause, incident, story), ...people];
  return advice.length > 0 ? advice : ['Nothing follows from the figures.'];
}

function adviceOn(cause: PostMortemCause, incident: Incident, story: Story): readonly string[] {
  switch (cause.kind) {
    case CauseKind.RELEASE:
      return [
        story.ranInShadow(cause.version)
          ? `Ship a version only when its paired comparison with the serving one speaks for it: ${cause.version} had run in shadow.`
          : 'Let a release run in shadow, and ship it only when its paired comparison with the serving version speaks for it.',
        ...(['precision', 'recall'].some((metric) => story.budgetMetrics.includes(metric))
          ? []
          : ['Add lines for precision and recall to the budget: accuracy alone says little when one class is rare.']),
      ];
    case CauseKind.DATA:
      return ['Watch the inputs for changes, so that changed data are seen before their outcomes are.'];
    case CauseKind.NOT_COMPARED:
      return isRollbackConsidered(story.events)
        ? [
            `Keep an older version of ${incident.model} running in shadow: then a bad release can be distinguished from changed data.`,
          ]
        : [];
    case CauseKind.NOT_ESTABLISHED:
    case CauseKind.UNSPECIFIED:
      return [];
  }
}

/** Who does what next. What the system has done itself is there as done. */
export function actionItems({ cause, ending }: Findings, incident: Incident, story: Story): readonly ActionItem[] {
  const items: ActionItem[] = [];
  const add = (text: string, owner: string, state: 'open' | 'done') =>
    items.push(create(ActionItemSchema, { text, owner, state }));
  if (ending.kind === EndingKind.ROLLBACK) add(`Roll back from ${ending.from} to ${ending.to}`, 'responder', 'done');
  if (ending.kind === EndingKind.DEPLOYMENT)
    add(`Deploy ${ending.to} instead of ${ending.from}`, ending.by === '' ? 'team' : ending.by, 'done');
  add(...causeItem(cause, incident), 'open');
  for (const text of moving(story)) add(text, 'team', 'open');
  if (incident.inferredSinceMs !== undefined)
    add(
      `Send a deployment event with each release of ${incident.model}: none was sent of ${incident.version}`,
      'team',
      'open',
    );
  for (const { value } of ofKind(story.events, 'targetFailing'))
    if (value.fault === TargetFault.SILENT) add(`Find out why ${value.to} stopped answering`, 'team', 'open');
  if (ofKind(story.events, 'deadlineMissed').some(({ value }) => value.deadline !== 'verification'))
    add(`Agree on who answers incidents of ${incident.model}: nobody did in time`, 'manager', 'open');
  return items;
}

function causeItem({ kind, version, other }: PostMortemCause, incident: Incident): readonly [string, string] {
  switch (kind) {
    case CauseKind.RELEASE:
      return [`Find out why ${version} answers worse than ${other}; correct it or retire it`, 'team'];
    case CauseKind.DATA:
      return [`Retrain ${incident.model} on data since ${instant(incident.breachAtMs)}`, 'team'];
    case CauseKind.NOT_ESTABLISHED:
    case CauseKind.NOT_COMPARED:
    case CauseKind.UNSPECIFIED:
      return [`Find out why ${incident.rule} fired on ${incidentAbout(incident)}`, 'team'];
  }
}

/** What would have let the system move traffic where it was sure and did not. */
function moving(story: Story): readonly string[] {
  const advised = ofKind(story.events, 'decision').some(
    ({ value }) => value.answer === RollbackAnswer.MITIGATE || value.answer === RollbackAnswer.ROLL_BACK,
  );
  if (!advised) return [];
  return ofKind(story.events, 'notApplicable')
    .filter(({ value }) => value.action === 'move_alias')
    .slice(0, 1)
    .map(({ value }) => `Decide whether the next such rollback may run by itself (this time: ${value.reason})`);
}
