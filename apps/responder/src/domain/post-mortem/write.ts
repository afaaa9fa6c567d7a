import { create } from '@bufbuild/protobuf';
import { FigureSchema } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import {
  IncidentEventSchema,
  PostMortemSchema,
  type IncidentEvent,
  type PostMortem,
} from '@moola/contracts/gen/moola/v1/incidents_pb';
import type { Incident } from '../incidents/incident.js';
import { businessImpact } from './business-impact.js';
import { causeOf } from './cause.js';
import { endingOf } from './ending.js';
import { actionItems, immediateRemediation, longTermRemediation, prevention } from './remediation.js';
import { renderMarkdown } from './render-markdown.js';
import { processCause, technicalCause } from './root-cause.js';
import type { Story } from './story.js';
import { timelineOf } from './timeline.js';

/** How an incident was resolved. */
export interface HowResolved {
  readonly reason: string;
  /** Empty when the system saw it by itself. */
  readonly by: string;
  /** False: `by` is a name that somebody gave themselves. */
  readonly authenticated: boolean;
  /** 0 unless its alert still fired. */
  readonly reopensAtMs: number;
}

/**
 * The six required elements, from the events of an incident that has just been resolved. It states what the figures
 * tell and says where they do not.
 * @param incident after its resolution, whose event is its last.
 */
export function writePostMortem(incident: Incident, resolution: HowResolved, story: Story): PostMortem {
  const cause = causeOf(story);
  const ending = endingOf(story, resolution);
  const findings = { cause, ending };
  const { worst } = story;
  const postMortem = create(PostMortemSchema, {
    title: `${incident.model}: ${incident.title}`,
    rootCauseTechnical: technicalCause(cause, incident, story),
    rootCauseProcess: processCause(cause, incident, story),
    businessImpact: businessImpact(incident, story),
    costUsd: incident.costUsd,
    costUnknown: incident.costUnknown ?? false,
    timeline: [...timelineOf([...story.events, resolvedEvent(incident, resolution)])],
    immediateRemediation: [...immediateRemediation(findings, story)],
    longTermRemediation: [...longTermRemediation(findings, incident)],
    prevention: [...prevention(findings, incident, story)],
    actionItems: [...actionItems(findings, incident, story)],
    cause,
    ending,
    ...(worst === null
      ? {}
      : {
          worst: create(FigureSchema, { metric: worst.metric, value: worst.value, samples: worst.samples ?? 0 }),
          worstAtMs: worst.atMs,
        }),
  });
  return { ...postMortem, markdown: renderMarkdown(postMortem, incident, story) };
}

function resolvedEvent(incident: Incident, { reason, by, authenticated, reopensAtMs }: HowResolved): IncidentEvent {
  return create(IncidentEventSchema, {
    incident: incident.id,
    number: incident.number,
    atMs: incident.resolvedAtMs ?? 0,
    kind: {
      case: 'resolved',
      value: {
        reason,
        by,
        authenticated,
        reopensAtMs,
        costUsd: incident.costUsd,
        costUnknown: incident.costUnknown ?? false,
      },
    },
  });
}
