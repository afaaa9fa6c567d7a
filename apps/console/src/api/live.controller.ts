import { Controller, Inject, Req, ServiceUnavailableException, Sse, type MessageEvent } from '@nestjs/common';
import { senderOf } from '@moola/platform/access/caller';
import { mayEnter } from '@moola/platform/auth/subject';
import type { FastifyRequest } from 'fastify';
import { filter, interval, switchMap, takeUntil, type Observable } from 'rxjs';
import { ChangeFeed } from './change-feed.js';

/** A listener that takes in nothing of what it is sent for so long is let go, in milliseconds: its place is another's. */
const stalledAfterMs = 60_000;

/** How often it is looked whether a listener's token still holds, in milliseconds. */
const lookAgainMs = 1000;

/** Tells a page what changed, as server-sent events: the page then reads it. */
@Controller('api/v1/changes')
export class LiveController {
  constructor(@Inject(ChangeFeed) private readonly feed: ChangeFeed) {}

  @Sse()
  changes(@Req() request: FastifyRequest): Observable<MessageEvent> {
    const { subject, stillHolds } = senderOf(request);
    const changes = this.feed.listen((environment) => mayEnter(subject, environment));
    if (changes === null) {
      throw new ServiceUnavailableException(
        `${this.feed.maximumListeners} clients follow changes already (MOOLA_MAXIMUM_LISTENERS): close pages, or ask again later`,
      );
    }
    request.raw.socket.setTimeout(stalledAfterMs, () => request.raw.socket.destroy());
    // A token that expires or is revoked ends what was begun with it: whoever follows asks again, and is told why.
    const noLonger = interval(lookAgainMs).pipe(
      switchMap(stillHolds),
      filter((holds) => !holds),
    );
    return changes.pipe(takeUntil(noLonger));
  }
}
