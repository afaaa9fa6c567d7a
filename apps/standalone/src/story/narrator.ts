import type { IncidentEvent } from '@moola/contracts/gen/moola/v1/incidents_pb';
import { styleText } from 'node:util';
import { named, type Calendar } from '@moola/wording/calendar';
import { eventText } from '@moola/wording/event-text';

/** Events that carry the story; the rest stands in the incident's timeline. */
const told = new Set([
  'opened',
  'tier',
  'decision',
  'servingChanged',
  'verified',
  'rollbackFailed',
  'resolved',
  'deadlineMissed',
]);
const colours: Readonly<Record<string, 'red' | 'green' | 'yellow' | 'cyan'>> = {
  opened: 'red',
  resolved: 'green',
  verified: 'green',
  decision: 'yellow',
  servingChanged: 'cyan',
  rollbackFailed: 'red',
};

/** Tells an incident's decisive events, a line each. */
export class Narrator {
  /**
   * @param print takes one line
   * @param labelOf what to call an instant: a trading date, say
   * @param calendar the names of the steps, for times within a text; null where they have none
   */
  constructor(
    private readonly print: (line: string) => void,
    private readonly labelOf: (timeMs: number) => string,
    private readonly colour: 'colour' | 'plain',
    private readonly calendar: Calendar | null,
  ) {}

  tell(event: IncidentEvent): void {
    const kind = event.kind.case ?? '';
    if (!told.has(kind)) return;
    const text = `${event.incident}: ${named(this.calendar, eventText(event))}`;
    const colour = colours[kind];
    const shown = this.colour === 'colour' && colour !== undefined ? styleText(colour, text) : text;
    this.print(`${this.labelOf(event.atMs)}  ${shown}`);
  }
}
