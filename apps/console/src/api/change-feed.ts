import type { MessageEvent } from '@nestjs/common';
import {
  defer,
  filter,
  finalize,
  from,
  interval,
  map,
  merge,
  mergeMap,
  startWith,
  Subject,
  type Observable,
} from 'rxjs';
import type { EnvironmentFold } from '../read-model/environment-fold.js';

export interface ChangeFeedOptions {
  /**
   * How often changes are gathered and told, in milliseconds.
   * @default 250
   */
  readonly everyMs?: number;
  /**
   * A listener hears of every environment at least this often, in milliseconds: it knows that the line is not dead.
   * @default 5000
   */
  readonly heartbeatMs?: number;
  /** How many may listen at once. */
  readonly maximumListeners: number;
}

/**
 * Gathers what changed in all environments and tells every listener: `change` says what to read again, `environment`
 * carries an environment's view.
 */
export class ChangeFeed {
  private readonly told = new Subject<Told>();
  private readonly timer: NodeJS.Timeout;
  private listeners = 0;

  constructor(
    private readonly folds: readonly EnvironmentFold[],
    private readonly options: ChangeFeedOptions,
  ) {
    this.timer = setInterval(() => this.tell(), options.everyMs ?? 250);
    this.timer.unref();
  }

  get maximumListeners(): number {
    return this.options.maximumListeners;
  }

  /**
   * Begins with where every environment is. `null` while as many listen as may.
   * @param hears whether the listener may hear of an environment
   */
  listen(hears: (environment: string) => boolean): Observable<MessageEvent> | null {
    if (this.listeners >= this.options.maximumListeners) return null;
    const heartbeats = interval(this.options.heartbeatMs ?? 5000).pipe(
      startWith(0),
      mergeMap(() => from(this.folds)),
      map(environmentEvent),
    );
    const heard = filter<Told>(({ data }) => hears(data.environment));
    return defer(() => {
      this.listeners += 1;
      return merge(this.told, heartbeats).pipe(
        heard,
        finalize(() => (this.listeners -= 1)),
      );
    });
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

/** What listeners are told, of one environment. */
type Told = MessageEvent & { readonly data: { readonly environment: string } };

const environmentEvent = (fold: EnvironmentFold): Told => ({ type: 'environment', data: fold.view() });
