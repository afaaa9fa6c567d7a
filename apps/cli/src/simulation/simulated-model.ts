import { seededRandom } from './random.js';

/** An event in the JSON form of `POST /v1/events`. */
export type EventJson = Readonly<Record<string, unknown>>;

/** A made-up classifier of two classes: one version serves, another one answers the same inputs in shadow. */
export interface SimulatedModel {
  readonly model: string;
  readonly serving: string;
  readonly shadow: string;
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
  /** Typical latency, in milliseconds. */
  readonly latencyMs: number;
}

export const sound: Quality = { accuracy: 0.93, latencyMs: 25 };
export const broken: Quality = { accuracy: 0.55, latencyMs: 70 };

/** How long after its prediction an outcome becomes known. */
export const outcomeAfterMs = 4000;

/** What was sent for one version. */
export interface VersionTally {
  predictions: number;
  right: number;
}

/** Makes up what an input causes: a prediction of each version at once, and the outcome a little later. */
export class Simulation {
  readonly tallies: ReadonlyMap<string, VersionTally>;
  private readonly random: () => number;
  private inputs = 0;

  constructor(private readonly settings: SimulatedModel) {
    this.random = seededRandom(settings.seed);
    this.tallies = new Map(
      [settings.serving, settings.shadow].map((version) => [version, { predictions: 0, right: 0 }]),
    );
  }

  /** Which versions answer, since when. */
  deployments(timeMs: number): readonly EventJson[] {
    const { model, serving, shadow } = this.settings;
    const deployment = (version: string, role: string) => ({
      ...{ source: 'moola simulate', deployment: { model, version, role, time: iso(timeMs), by: 'moola simulate' } },
    });
    return [deployment(shadow, 'ROLE_SHADOW'), deployment(serving, 'ROLE_PRIMARY')];
  }

  /** @param state whether the version that breaks has broken by then */
  input(timeMs: number, state: 'sound' | 'broken'): { readonly predictions: EventJson[]; readonly outcome: EventJson } {
    const { model, serving, shadow, breaks, run } = this.settings;
    const input = `${run}-${++this.inputs}`;
    const truth = this.random() < 0.3 ? '1' : '0';
    const predictions = [serving, shadow].map((version): EventJson => {
      const quality = state === 'broken' && version === breaks ? broken : sound;
      const isRight = this.random() < quality.accuracy;
      const answered = isRight ? truth : truth === '1' ? '0' : '1';
      const certainty = 0.5 + 0.5 * this.random();
      const tally = this.tallies.get(version);
      if (tally) [tally.predictions, tally.right] = [tally.predictions + 1, tally.right + Number(isRight)];
      const prediction = {
        ...{ model, version, input, time: iso(timeMs), class: answered },
        role: version === serving ? 'ROLE_PRIMARY' : 'ROLE_SHADOW',
        score: rounded(answered === '1' ? certainty : 1 - certainty, 3),
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
