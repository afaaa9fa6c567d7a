import type { Incident } from '../incidents/incident.js';
import { differenceOf } from '@moola/wording/difference';
import { spoken } from '@moola/wording/durations';
import { breachText, differenceText, sharesText } from '@moola/wording/figures';
import { instant } from '@moola/wording/instants';
import type { Cause } from './cause.js';
import { ofKind, type Story } from './story.js';

/** What broke, as far as the figures tell. */
export function technicalCause(cause: Cause, incident: Incident, story: Story): string {
  const breach = ofKind(story.events, 'alert')[0]?.value;
  const symptom = breach === undefined ? incident.title : breachText(breach);
  switch (cause.kind) {
    case 'release': {
      const { from, to, comparison } = cause.decision;
      const figures =
        comparison === undefined
          ? ''
          : ` ${capital(sharesText(comparison))}; ${differenceText(differenceOf(comparison, to))}.`;
      return `Release ${from} is the cause (event ${cause.number}).${figures} First seen as ${symptom}.`;
    }
    case 'data': {
      const { from, to, comparison } = cause.decision;
      const figures = comparison === undefined ? '' : ` ${capital(sharesText(comparison))}.`;
      return `The data changed: ${to}, which served before ${from}, breaks the budget as well (event ${cause.number}), so that no release explains it.${figures} First seen as ${symptom}.`;
    }
    case 'open':
      return `Not established. A rollback was considered and held: ${cause.decision.reason} (event ${cause.number}). First seen as ${symptom}.`;
    case 'unasked':
      return `Not established: no version was put to the test for this alert. First seen as ${symptom}.`;
  }
}

/** How it got through, and how people and machines answered. */
export function processCause(cause: Cause, incident: Incident, story: Story): string {
  return [shipping(cause, story), detection(incident), ...answering(incident, story)]
    .filter((part) => part !== '')
    .join(' ');
}

function shipping(cause: Cause, story: Story): string {
  if (cause.kind !== 'release') return '';
  const bad = cause.decision.from;
  const service = story.service(bad);
  const shipped =
    service === undefined
      ? `${bad} was shipped`
      : `${bad} was shipped on ${instant(service.beganAtMs)}${byWhom(service.by)}`;
  const proven = story.wasKnownGood(bad)
    ? 'it had been known good before'
    : 'it had never been known good by the budget’s gates';
  return `${shipped}; ${proven}.`;
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
      : `${acknowledged.value.by} acknowledged it after ${spoken(acknowledged.event.atMs - incident.openedAtMs)}.`;
  const missed = ofKind(story.events, 'deadlineMissed').map(
    ({ event, value }) => `The ${value.deadline} deadline passed at ${instant(value.dueAtMs)} (event ${event.number}).`,
  );
  return [answered, ...missed];
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
