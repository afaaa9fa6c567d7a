import { Controller, Inject, Req, ServiceUnavailableException, Sse, type MessageEvent } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import { ChangeFeed } from './change-feed.js';

/** A listener that takes in nothing of what it is sent for so long is let go, in milliseconds: its place is another's. */
const stalledAfterMs = 60_000;

/** Tells a page what changed, as server-sent events: the page then reads it. */
@Controller('api/v1/changes')
export class LiveController {
  constructor(@Inject(ChangeFeed) private readonly feed: ChangeFeed) {}

  @Sse()
  changes(@Req() request: FastifyRequest): Observable<MessageEvent> {
    const changes = this.feed.listen();
    if (changes === null) {
      throw new ServiceUnavailableException(
        `${this.feed.maximumListeners} clients follow changes already (MOOLA_MAXIMUM_LISTENERS): close pages, or ask again later`,
      );
    }
    request.raw.socket.setTimeout(stalledAfterMs, () => request.raw.socket.destroy());
    return changes;
  }
}
