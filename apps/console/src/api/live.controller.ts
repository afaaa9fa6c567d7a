import { Controller, Inject, Sse, type MessageEvent } from '@nestjs/common';
import { interval, map, mergeMap, startWith, type Observable } from 'rxjs';
import { ChangeFeed } from './change-feed.js';
import { Environments } from './environments.js';

const heartbeatMs = 5000;

/** Tells a page what changed, as server-sent events: the page then reads it. A heartbeat carries the clocks. */
@Controller('api/v1/changes')
export class LiveController {
  constructor(
    @Inject(Environments) private readonly environments: Environments,
    @Inject(ChangeFeed) private readonly feed: ChangeFeed,
  ) {}

  @Sse()
  changes(): Observable<MessageEvent> {
    return this.feed.listen(
      interval(heartbeatMs).pipe(
        startWith(0),
        mergeMap(() => this.environments.all().map((fold) => fold.view())),
        map((view) => ({ type: 'environment', data: view })),
      ),
    );
  }
}
