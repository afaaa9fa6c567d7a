import type { MessageEvent } from '@nestjs/common';
import { from, interval, map, merge, mergeMap, startWith, Subject, type Observable } from 'rxjs';
import type { EnvironmentFold } from '../read-model/environment-fold.js';

export interface ChangeFeedPace {
  /** How often changes are gathered and told. */
  readonly everyMs: number;
  /** A listener hears of every environment at least this often: it knows that the line is not dead. */
  readonly heartbeatMs: number;
}

const usualPace: ChangeFeedPace = { everyMs: 250, heartbeatMs: 5000 };

/**
 * Gathers what changed in all environments and tells every listener: `change` says what to read again, `environment`
 * carries an environment's view.
 */
export class ChangeFeed {
  private readonly told = new Subject<MessageEvent>();
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly folds: readonly EnvironmentFold[],
    private readonly pace = usualPace,
  ) {
    this.timer = setInterval(() => this.tell(), pace.everyMs);
    this.timer.unref();
  }

  /** Begins with where every environment is. */
  listen(): Observable<MessageEvent> {
    const heartbeats = interval(this.pace.heartbeatMs).pipe(
      startWith(0),
      mergeMap(() => from(this.folds)),
      map(environmentEvent),
    );
    return merge(this.told, heartbeats);
  }

  close(): void {
    clearInterval(this.timer);
    this.told.complete();
  }

  private tell(): void {
    for (const fold of this.folds) {
      const change = fold.takeChange();
      if (change === null) continue;
      this.told.next({ type: 'change', data: change });
      this.told.next(environmentEvent(fold));
    }
  }
}

const environmentEvent = (fold: EnvironmentFold): MessageEvent => ({ type: 'environment', data: fold.view() });
