import type { Severity } from '@moola/contracts/gen/moola/v1/definitions_pb';

/** A channel as routes name it. */
export interface ChannelName {
  /** `slack`, `pagerduty`, `email`, `webhook` or `terminal`. */
  readonly kind: string;
  readonly name: string;
}

/** `slack/team`: unique, since no kind holds a slash. */
export function channelKey({ kind, name }: ChannelName): string {
  return `${kind}/${name}`;
}

/** How far one channel has come with a notification. A channel gets a notification once, however many routes lead to it. */
export interface ChannelProgress extends ChannelName {
  /**
   * `waiting`: the next attempt is due at `dueAtMs`; `asked`: an attempt waits for its receipt; the others are final, but
   * that a failed channel hands over to the next of its route.
   */
  readonly state: 'waiting' | 'asked' | 'delivered' | 'failed';
  /** Attempts that were asked for. */
  readonly attempts: number;
  readonly dueAtMs: number;
  /** Why the last attempt did not deliver; empty when none has failed. */
  readonly reason: string;
}

/** How far one route has come: the channels in their order, and which of them is tried. */
export interface RouteProgress {
  readonly name: string;
  readonly channels: readonly ChannelName[];
  /** Index of the channel that is tried; `channels.length` when the route is at its end. */
  readonly at: number;
  readonly groupWaitMs: number;
}

/** A notification on its way to people. */
export interface Planned {
  readonly id: string;
  readonly incident: string;
  readonly model: string;
  readonly severity: Severity;
  readonly audience: string;
  /** Under which peers fold all notifications of an incident. */
  readonly dedupKey: string;
  /** `trigger`, `acknowledge`, `resolve` or `note`. */
  readonly eventAction: string;
  readonly title: string;
  readonly text: string;
  /** Absent in what was planned before it was known. */
  readonly runbook?: string;
  /** Absent in what was planned before they were known, and without any. */
  readonly labels?: Readonly<Record<string, string>>;
  /** When there is no use any more in paging anybody with it; `null`: never (a replay). */
  readonly deadlineMs: number | null;
  /** Its incident was resolved meanwhile: what is not on its way yet is not sent any more. */
  readonly isSuperseded: boolean;
  readonly routes: readonly RouteProgress[];
  /** By `channelKey`. */
  readonly channels: Readonly<Record<string, ChannelProgress>>;
}

/** Whether every route has come to its end. */
export function isOver({ routes }: Planned): boolean {
  return routes.every(({ at, channels }) => at >= channels.length);
}

/** The channel that a route tries at present; none at its end. */
export function currentChannel({ channels, at }: RouteProgress): ChannelName | undefined {
  return channels[at];
}

export function withChannel(planned: Planned, progress: ChannelProgress): Planned {
  return { ...planned, channels: { ...planned.channels, [channelKey(progress)]: progress } };
}

/** In the order of their keys, so that what is emitted does not depend on how the state came to be. */
export function channelsInOrder({ channels }: Planned): readonly ChannelProgress[] {
  return Object.keys(channels)
    .sort()
    .map((key) => channels[key] as ChannelProgress);
}
