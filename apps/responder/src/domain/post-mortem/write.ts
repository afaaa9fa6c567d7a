import { create } from '@bufbuild/protobuf';
import {
  IncidentEventSchema,
  PostMortemSchema,
  type IncidentEvent,
  type PostMortem,
} from '@moola/contracts/gen/moola/v1/incidents_pb';
import type { Incident } from '../incidents/incident.js';
import { businessImpact } from './business-impact.js';
import { causeOf } from './cause.js';
import { actionItems, immediateRemediation, longTermRemediation, prevention } from './remediation.js';
import { renderMarkdown } from './render-markdown.js';
import { processCause, technicalCause } from './root-cause.js';
import type { Story } from './story.js';
import { timelineOf } from './timeline.js';

/**
 * The six required elements, from the events of an incident that has just been resolved. It states what the figures
 * tell and says where they do not.
 * @param incident after its resolution, whose event is its last.
 */
export function writePostMortem(
  incident: Incident,
  resolution: { reason: string; by: string },
  story: Story,
): PostMortem {
  const cause = causeOf(story);
  const postMortem = create(PostMortemSchema, {
    title: `${incident.model}: ${incident.title}`,
    rootCauseTechnical: technicalCause(cause, incident, story),
    rootCauseProcess: processCause(cause, incident, story),
    businessImpact: businessImpact(incident, story),
    costUsd: incident.costUsd,
    timeline: [...timelineOf([...story.events, resolvedEvent(incident, resolution)])],
    immediateRemediation: [...immediateRemediation(incident, story)],
    longTermRemediation: [...longTermRemediation(cause, incident)],
    prevention: [...prevention(cause, incident, story)],
    actionItems: [...actionItems(cause, incident, story)],
  });
  return { ...postMortem, markdown: renderMarkdown(postMortem, incident) };
}

function resolvedEvent(incident: Incident, resolution: { reason: string; by: string }): IncidentEvent {
  return create(IncidentEventSchema, {
    incident: incident.id,
    number: incident.number,
    atMs: incident.resolvedAtMs ?? 0,
    kind: { case: 'resolved', value: { ...resolution, costUsd: incident.costUsd } },
  });
}
