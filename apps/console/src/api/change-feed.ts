import type { MessageEvent } from '@nestjs/common';
import { merge, Subject, type Observable } from 'rxjs';
import type { EnvironmentFold } from '../read-model/environment-fold.js';

/** At most so many changes a second reach a page. */
const everyMs = 250;

/** Gathers what changed in all environments, and tells every listener four times a second at most. */
export class ChangeFeed {
  private readonly subject = new Subject<MessageEvent>();
  private readonly timer: NodeJS.Timeout;

  constructor(folds: readonly EnvironmentFold[]) {
    this.timer = setInterval(() => {
      for (const fold of folds) {
        const change = fold.takeChange();
        if (change === null) continue;
        this.subject.next({ type: 'change', data: change });
        this.subject.next({ type: 'environment', data: fold.view() });
      }
    }, everyMs);
    this.timer.unref();
  }

  listen(beside: Observable<MessageEvent>): Observable<MessageEvent> {
    return merge(this.subject, beside);
  }

  close(): void {
    clearInterval(this.timer);
    this.subject.complete();
  }
}
