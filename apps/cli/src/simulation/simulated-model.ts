import { seededRandom } from './random.js';

/** An event in the JSON form of `POST /v1/events`. */
export type EventJson = Readonly<Record<string, unknown>>;

/** A made-up classifier of two classes: one version serves, then another one is released and the first goes on in shadow. */
export interface SimulatedModel {
  readonly model: string;
  /** The version that is released. */
  readonly released: string;
  /** The version that serves before. */
  readonly previous: string;
  /** The version that goes bad; `null`: none does. */
  readonly breaks: string | null;
  /** Makes the same answers again. */
  readonly seed: number;
  /** Sets this run's inputs apart from those of another. */
  readonly run: string;
}

/** How good a version is. */
interface Quality {
  /** Share of right answers. */
  readonly accuracy: number;
  /** The same of customers in the last of `countries`, where it is another. */
  readonly accuracyAbroad?: number;
  /** Typical latency, in milliseconds. */
  readonly latencyMs: number;
}

export const sound: Quality = { accuracy: 0.93, latencyMs: 25 };
export const broken: Quality = { accuracy: 0.6, accuracyAbroad: 0.3, latencyMs: 70 };

/** Where customers are, with their shares: a segment of each prediction. */
const countries = [
  ['de', 0.5],
  ['fr', 0.3],
  ['us', 0.2],
] as const;

/** How long after its prediction an outcome becomes known. */
export const outcomeAfterMs = 4000;

/** What was sent for one version. */
export interface VersionTally {
  predictions: number;
  right: number;
}

/** What has happened when an input comes: nothing yet, the release, or the release of a version that then went bad. */
export type Phase = 'before the release' | 'released' | 'broken';

/** Makes up what an input causes: predictions at once, and the outcome a little later. */
export class Simulation {
  readonly tallies: ReadonlyMap<string, VersionTally>;
  private readonly random: () => number;
  private inputs = 0;

  constructor(private readonly settings: SimulatedModel) {
    this.random = seededRandom(settings.seed);
    this.tallies = new Map(
      [settings.released, settings.previous].map((version) => [version, { predictions: 0, right: 0 }]),
    );
  }

  /** The previous version serves from a time on. */
  beginning(timeMs: number): readonly EventJson[] {
    return [this.deployment(this.settings.previous, 'ROLE_PRIMARY', timeMs)];
  }

  /** The new version serves from a time on, and the previous one answers the same inputs in shadow. */
  release(timeMs: number): readonly EventJson[] {
    const { released, previous } = this.settings;
    return [this.deployment(previous, 'ROLE_SHADOW', timeMs), this.deployment(released, 'ROLE_PRIMARY', timeMs)];
  }

  private deployment(version: string, role: string, timeMs: number): EventJson {
    const deployment = { model: this.settings.model, version, role, time: iso(timeMs), by: 'moola simulate' };
    return { source: 'moola simulate', deployment };
  }

  private country(): string {
    let left = this.random();
    for (const [country, share] of countries) if ((left -= share) < 0) return country;
    return countries[0][0];
  }

  input(timeMs: number, phase: Phase): { readonly predictions: EventJson[]; readonly outcome: EventJson } {
    const { model, released, previous, breaks, run } = this.settings;
    const versions = phase === 'before the release' ? [previous] : [released, previous];
    const input = `${run}-${++this.inputs}`;
    const truth = this.random() < 0.3 ? '1' : '0';
    const country = this.country();
    const predictions = versions.map((version): EventJson => {
      const quality = phase === 'broken' && version === breaks ? broken : sound;
      const abroad = country === countries.at(-1)?.[0];
      const isRight = this.random() < ((abroad ? quality.accuracyAbroad : undefined) ?? quality.accuracy);
      const answered = isRight ? truth : truth === '1' ? '0' : '1';
      const certainty = 0.5 + 0.5 * this.random();
      const tally = this.tallies.get(version);
      if (tally) [tally.predictions, tally.right] = [tally.predictions + 1, tally.right + Number(isRight)];
      const prediction = {
        ...{ model, version, input, time: iso(timeMs), class: answered },
        role: version === versions[0] ? 'ROLE_PRIMARY' : 'ROLE_SHADOW',
        score: rounded(answered === '1' ? certainty : 1 - certainty, 3),
        segments: { country },
        latencyMs: rounded(quality.latencyMs * (0.6 + 0.8 * this.random()), 1),
      };
      return { source: 'moola simulate', prediction };
    });
    const outcome = { model, input, truth, knownAt: iso(timeMs + outcomeAfterMs) };
    return { predictions, outcome: { source: 'moola simulate', outcome } };
  }
}

const iso = (timeMs: number): string => new Date(timeMs).toISOString();
const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));
