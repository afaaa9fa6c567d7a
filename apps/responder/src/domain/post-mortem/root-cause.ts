import { CauseKind, type PostMortemCause } from '@moola/contracts/gen/moola/v1/incidents_pb';
import { isInferred } from '@moola/contracts/inferred-deployment';
import { actorText } from '@moola/wording/actor';
import { differenceOf } from '@moola/wording/difference';
import { spoken } from '@moola/wording/durations';
import { breachText } from '@moola/wording/figures';
import { instant } from '@moola/wording/instants';
import { isStrong, pointsText } from '@moola/wording/points';
import { undeployedText } from '@moola/wording/undeployed';
import { incidentAbout, type Incident } from '../incidents/incident.js';
import { isRollbackConsidered, ofKind, type Story } from './story.js';

/** What broke, as far as the figures tell. */
export function technicalCause(cause: PostMortemCause, incident: Incident, story: Story): string {
  const breach = ofKind(story.events, 'alert')[0]?.value;
  const symptom = `First seen as ${breach === undefined ? incident.rule : breachText(breach)} on ${incidentAbout(incident)}.`;
  const { version, other, comparison, event } = cause;
  switch (cause.kind) {
    case CauseKind.RELEASE: {
      const difference = comparison === undefined ? null : differenceOf(comparison, other);
      const verdict = isStrong(difference) ? 'is the cause' : 'is probably the cause';
      const figures = difference === null ? '' : `: ${pointsText(difference)}`;
      return `Release ${version} ${verdict} (event ${event})${figures}. ${symptom}`;
    }
    case CauseKind.DATA: {
      const figures = comparison === undefined ? '' : `: ${pointsText(differenceOf(comparison, other))}`;
      return `The data changed, not the release: ${other}, which served before ${version}, was out of budget too (event ${event})${figures}. ${symptom}`;
    }
    case CauseKind.NOT_ESTABLISHED: {
      const figures = comparison === undefined ? '' : `: ${pointsText(differenceOf(comparison, other))}`;
      return `Not established. ${other} was compared with ${version} (event ${event})${figures}, which is not conclusive. ${symptom}`;
    }
    case CauseKind.NOT_COMPARED:
    case CauseKind.UNSPECIFIED:
      if (incident.breach?.subject !== undefined)
        return `Not established: the figures say what happened, not why. ${symptom}`;
      return `Not established: ${whyNotCompared(story)}. ${symptom}`;
  }
}

function whyNotCompared({ events }: Story): string {
  return isRollbackConsidered(events)
    ? 'no other version answered the same inputs'
    : 'no rollback was considered, so versions were not compared';
}

/** How it got through, and how people and machines answered. */
export function processCause(cause: PostMortemCause, incident: Incident, story: Story): string {
  return [shipping(cause, story), detection(incident), ...answering(incident, story)]
    .filter((part) => part !== '')
    .join(' ');
}

function shipping(cause: PostMortemCause, story: Story): string {
  if (cause.kind !== CauseKind.RELEASE) return '';
  const bad = cause.version;
  const service = story.service(bad);
  const shadow = story.ranInShadow(bad) ? 'after it had run in shadow' : 'without having run in shadow';
  const proven = story.wasKnownGood(bad) ? 'it had been known good before' : 'it had never been known good';
  return `${shipped(bad, service)} ${shadow}; ${proven}.`;
}

function shipped(version: string, service: ReturnType<Story['service']>): string {
  if (service === undefined) return `${version} was shipped`;
  const { beganAtMs, by } = service;
  if (isInferred(by)) return `${undeployedText(version, beganAtMs)}. It was shipped`;
  return `${version} was shipped on ${instant(beganAtMs)}${byWhom(by)}`;
}

function byWhom(by: string): string {
  return by === '' ? '' : ` by ${by}`;
}

function detection(incident: Incident): string {
  return `The alert came ${spoken(incident.openedAtMs - incident.breachAtMs)} after the breach.`;
}

function answering(incident: Incident, story: Story): readonly string[] {
  const acknowledged = ofKind(story.events, 'acknowledged')[0];
  const answered =
    acknowledged === undefined
      ? 'Nobody acknowledged the incident.'
      : `${actorText(acknowledged.value.by, acknowledged.value.authenticated)} acknowledged it after ${spoken(acknowledged.event.atMs - incident.openedAtMs)}.`;
  const missed = ofKind(story.events, 'deadlineMissed').map(
    ({ event, value }) => `The ${value.deadline} deadline passed at ${instant(value.dueAtMs)} (event ${event.number}).`,
  );
  return [answered, ...missed];
}
