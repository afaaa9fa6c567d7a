import type { JsonValue } from '@bufbuild/protobuf';
import { timestampMs } from '@bufbuild/protobuf/wkt';
import { eventOfJson } from '@moola/collector/receive/domain/event-json';
import { zoneHint } from './csv-row.js';
import { taken, type LogReadingOptions } from './logged-event.js';
import type { RefusedRows } from './refused-rows.js';

/** A log of events, one a line, as `POST /v1/events` takes them. */
export class NdjsonLog {
  readonly problems: readonly string[] = [];
  private line = 0;

  constructor(
    private readonly options: LogReadingOptions,
    private readonly refused: RefusedRows,
  ) {}

  read(piece: string, _isLast: boolean): void {
    const lines = piece.split(/\r\n|\n|\r/);
    // What follows the last line end begins the next piece.
    if (lines.at(-1) === '') lines.pop();
    for (const content of lines) this.readLine(content, ++this.line);
  }

  private readLine(content: string, line: number): void {
    const { options, refused } = this;
    if (content.trim() === '') return;
    let value: JsonValue;
    try {
      value = JSON.parse(content) as JsonValue;
    } catch (error) {
      return refused.add(line, `is no JSON: ${(error as Error).message}`);
    }
    const read = eventOfJson(value, 'refused', options.clocks);
    if (!read.ok) {
      const { field, detail } = read.refused;
      return refused.add(line, `${field === '' ? '' : `${field}: `}${detail}${zoneHintIn(detail)}`);
    }
    const { event } = read;
    const time = event.kind.case === 'outcome' ? event.kind.value.knownAt : event.kind.value?.time;
    if (time === undefined) return refused.add(line, noTime);
    const taking = taken(event, timestampMs(time), line, options, nameInEvent);
    if ('problem' in taking) refused.add(line, taking.problem);
    else options.take(taking.event);
  }
}

const noTime = 'the event has no kind, or its kind no time';
const zoneHintIn = (detail: string) => (detail.startsWith('has no time zone') ? zoneHint('no-zone') : '');

const nameInEvent = (field: string): string => field || 'event';
