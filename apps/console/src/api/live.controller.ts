import { Controller, Inject, Sse, type MessageEvent } from '@nestjs/common';
import type { Observable } from 'rxjs';
import { ChangeFeed } from './change-feed.js';

/** Tells a page what changed, as server-sent events: the page then reads it. */
@Controller('api/v1/changes')
export class LiveController {
  constructor(@Inject(ChangeFeed) private readonly feed: ChangeFeed) {}

  @Sse()
  changes(): Observable<MessageEvent> {
    return this.feed.listen();
  }
}
