import { timestampMs } from '@bufbuild/protobuf/wkt';
import type { Deployment } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { isInferred } from '@moola/contracts/inferred-deployment';
import type { ReleaseView } from './views.js';

/** So many are shown; older ones are forgotten. */
const mostReleases = 200;

/** Which version of a model served when. */
export class ReleasesFold {
  private readonly releases: ReleaseView[] = [];

  /** A deployment in the primary role; a new build of what serves is no release. */
  take(atMs: number, { version, time, by, incident }: Deployment): void {
    const last = this.releases.at(-1);
    const from = last?.version ?? '';
    const inferred = isInferred(by);
    if (last !== undefined && from === version) {
      // The event that was missed has come after all.
      if (last.inferred && !inferred) this.releases[this.releases.length - 1] = { ...last, by, incident, inferred };
      return;
    }
    this.releases.push({ atMs: time === undefined ? atMs : timestampMs(time), version, from, by, incident, inferred });
    if (this.releases.length > mostReleases) this.releases.shift();
  }

  /** When the version that serves began to; -Infinity when no deployment has said. */
  get servingSinceMs(): number {
    return this.releases.at(-1)?.atMs ?? -Infinity;
  }

  view(): readonly ReleaseView[] {
    return [...this.releases];
  }
}
