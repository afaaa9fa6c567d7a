import { refusalBody } from '@moola/platform/http/refusal';
import { traced } from '@moola/platform/tracing/traced';
import type { Clock } from '@moola/streams/ports/clock';
import { malformed, type SubmittedEvent } from '../receive/domain/submitted-event.js';
import type { Answer, IngestService } from '../receive/ingest-service.js';
import { bodyFormats, formatOf } from './read-body.js';

/** What is sent back. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** A request, as far as it matters. */
export interface EventsRequest {
  readonly contentType: string;
  readonly contentEncoding: string;
  readonly body: Buffer;
  /** `refused` leaves the accepted events out of the answer; `all` (the default) names every event. */
  readonly answers: string;
}

/** `POST /v1/events`: a body of events in, an answer for each of them. */
export class EventsEndpoint {
  constructor(
    private readonly ingest: Pick<IngestService, 'append'>,
    private readonly clock: Clock,
  ) {}

  handle(request: EventsRequest): Promise<HttpAnswer> {
    const attributes = { 'http.request.body.size': request.body.length };
    const span = { name: 'POST /v1/events', kind: 'server', attributes } as const;
    return traced(
      span,
      () => this.take(request),
      ({ status }) => ({ 'http.response.status_code': status }),
    );
  }

  private async take({ contentType, contentEncoding, body, answers }: EventsRequest): Promise<HttpAnswer> {
    const format = formatOf(contentType);
    if (!format || !['', 'identity'].includes(contentEncoding)) {
      const types = bodyFormats.map(({ mediaTypes }) => mediaTypes[0]).join(', ');
      return problem(
        415,
        `content type "${contentType}"${encoded(contentEncoding)} is not taken: send ${types}, not compressed`,
      );
    }
    if (!['', 'all', 'refused'].includes(answers)) {
      return problem(400, `answers=${answers} means nothing here: "all" (the default) or "refused"`);
    }
    const nowMs = this.clock.nowMs();
    const read = format.read(body);
    const original = { encoding: format.encoding, bytes: () => body };
    const submittedEvents: readonly SubmittedEvent[] = read.ok
      ? read.submittedEvents
      : [{ kind: 'unreadable', refused: malformed(`the body ${read.detail}`), original }];
    const result = await this.ingest.append(submittedEvents, nowMs);
    if (result.kind !== 'answered') {
      return result.kind === 'disk-full'
        ? problem(507, `${result.detail}. Send the same events again then`)
        : problem(503, result.detail, { 'retry-after': '5' });
    }
    if (!read.ok) return problem(read.tooMany === true ? 413 : 400, `the body ${read.detail}`);
    return answered(result.answers, result.unused, answers === 'refused');
  }
}

function problem(statusCode: number, message: string, headers: Readonly<Record<string, string>> = {}): HttpAnswer {
  return { status: statusCode, headers, body: refusalBody(statusCode, message) };
}

function encoded(contentEncoding: string): string {
  return contentEncoding === '' ? '' : `, encoded as "${contentEncoding}",`;
}

function answered(answers: readonly Answer[], unused: readonly string[], onlyRefused: boolean): HttpAnswer {
  const refused = answers.filter((answer) => !answer.accepted).length;
  const accepted = answers.length - refused;
  const events = answers.map((answer, index) =>
    answer.accepted
      ? { index, id: answer.id, accepted: true, ...(answer.note === undefined ? {} : { note: answer.note }) }
      : { index, ...(answer.id === '' ? {} : { id: answer.id }), accepted: false, ...answer.refused },
  );
  const status = refused === 0 ? 200 : accepted === 0 ? 400 : 207;
  return {
    status,
    body: {
      accepted,
      refused,
      ...(unused.length > 0 && { unused }),
      events: onlyRefused ? events.filter((event) => !event.accepted || 'note' in event) : events,
    },
  };
}
