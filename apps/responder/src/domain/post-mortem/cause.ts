import { create } from '@bufbuild/protobuf';
import {
  CauseKind,
  DecisionReason,
  PostMortemCauseSchema,
  RollbackAnswer,
  type IncidentEvent,
  type PostMortemCause,
  type ServingChanged,
} from '@moola/contracts/gen/moola/v1/incidents_pb';
import type { PairedComparison } from '@moola/contracts/gen/moola/v1/signals_pb';
import { differenceOf, isBetter } from '@moola/wording/difference';
import { ofKind, type Story } from './story.js';

/**
 * What the evidence says about why it happened; the rest is for people to find out. The strongest finding wins: a release
 * that is worse than another version with confidence, then changed data; the latest of its kind.
 */
export function causeOf(story: Story): PostMortemCause {
  const release = badReleases(story).at(-1);
  if (release !== undefined) return cause(CauseKind.RELEASE, release);
  const decisions = ofKind(story.events, 'decision');
  const data = decisions.findLast(({ value }) => value.code === DecisionReason.DATA_CHANGED);
  if (data !== undefined) {
    const { from, to, comparison } = data.value;
    return cause(CauseKind.DATA, { version: from, other: to, comparison, event: data.event });
  }
  const compared = [...lookedAtIn(story), ...decisions.map(({ event, value }) => found(event, value))].filter(
    ({ comparison }) => comparison !== undefined,
  );
  const last = compared.reduce<Finding | undefined>(
    (chosen, each) => (chosen === undefined || each.event.number >= chosen.event.number ? each : chosen),
    undefined,
  );
  return last === undefined
    ? create(PostMortemCauseSchema, { kind: CauseKind.NOT_COMPARED })
    : cause(CauseKind.NOT_ESTABLISHED, last);
}

interface Finding {
  /** What served. */
  readonly version: string;
  /** What it was compared with. */
  readonly other: string;
  readonly comparison: PairedComparison | undefined;
  readonly event: IncidentEvent;
}

/**
 * Where the story shows that what served is worse than another version with confidence, the weightiest last: what was
 * looked at, what traffic was moved to, what was decided; each in order. What was undone shows nothing.
 */
function badReleases(story: Story): readonly Finding[] {
  const { events } = story;
  const decisions = ofKind(events, 'decision');
  const undone = decisions.filter(({ value }) => value.answer === RollbackAnswer.UNDO).map(({ value }) => value.to);
  const moved = ofKind(events, 'servingChanged').map(({ event, value }) => found(event, value));
  const decided = decisions
    .filter(({ value: { answer } }) => answer === RollbackAnswer.MITIGATE || answer === RollbackAnswer.ROLL_BACK)
    .map(({ event, value }) => found(event, value));
  return [...lookedAtIn(story), ...moved, ...decided]
    .filter(({ comparison, other }) => comparison !== undefined && isBetter(differenceOf(comparison, other)))
    .filter(({ version }) => !undone.includes(version));
}

/** Every version that a decision looked at, against the one that served then. */
function lookedAtIn({ events }: Story): readonly Finding[] {
  return ofKind(events, 'decision').flatMap(({ event, value }) =>
    value.lookedAt.map(({ version: other, comparison }) => ({ version: value.from, other, comparison, event })),
  );
}

function found(event: IncidentEvent, move: Pick<ServingChanged, 'from' | 'to' | 'comparison'>): Finding {
  return { version: move.from, other: move.to, comparison: move.comparison, event };
}

function cause(kind: CauseKind, { version, other, comparison, event }: Finding): PostMortemCause {
  return create(PostMortemCauseSchema, {
    ...{ kind, version, other, event: event.number },
    ...(comparison === undefined ? {} : { comparison }),
  });
}
