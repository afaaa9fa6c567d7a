import { create } from '@bufbuild/protobuf';
import {
  TimelineEntrySchema,
  type IncidentEvent,
  type TimelineEntry,
} from '@moola/contracts/gen/moola/v1/incidents_pb';
import { eventText } from '@moola/wording/event-text';

/** A post-mortem tells of this many events at most, from both ends: the incident's own log has all of them. */
const LONGEST = 400;

/** One line an event, in the order in which they were recorded. */
export function timelineOf(events: readonly IncidentEvent[]): readonly TimelineEntry[] {
  const lines = events.map((event) => entry(event, eventText(event)));
  const skipped = lines.length - LONGEST;
  const turn = events[LONGEST / 2];
  if (skipped <= 0 || turn === undefined) return lines;
  const gap = entry(turn, `${skipped + 1} events from here on are left out; they are in the incident's log`);
  return [...lines.slice(0, LONGEST / 2), gap, ...lines.slice(LONGEST / 2 + skipped + 1)];
}

function entry({ atMs, number }: IncidentEvent, text: string): TimelineEntry {
  return create(TimelineEntrySchema, { atMs, number, text });
}
