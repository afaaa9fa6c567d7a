import type { Definition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import type { ObservationRow } from '@moola/contracts/rows';
import type { Random } from '@moola/streams/adapters/simulated/random';
import { deployment, labelled, modelDefinition, type Settings } from './observation-rows.js';

export type StoryRow =
  { readonly data: ObservationRow } | { readonly tick: number } | { readonly definition: Definition };

const minute = 60_000;

interface ScoredInput {
  readonly input: string;
  readonly predictedAtMs: number;
  readonly classes: Map<string, string>;
  readonly labelled: Set<string>;
  truth: string;
}

/**
 * What a join could have written for a model: deployments, outcomes of inputs that several versions scored, answers
 * that came after their outcome, corrections, outcomes that came late, and ticks.
 */
export function randomTraffic(random: Random, settings: Settings, minutes: number): StoryRow[] {
  const rows: StoryRow[] = [{ definition: modelDefinition(settings) }];
  const names = ['v0', 'v1', 'v2', 'v3'];
  const inputs: ScoredInput[] = [];
  let group = 0;

  const outcome = (scored: ScoredInput, knownAtMs: number, corrected: string | null) => {
    group += 1;
    const previousTruth = corrected === null ? '' : scored.truth;
    if (corrected !== null) scored.truth = corrected;
    for (const [version, answer] of scored.classes) {
      const known = scored.labelled.has(version);
      const freshness = !known ? 'new' : corrected === null ? 'repeated' : 'corrected';
      scored.labelled.add(version);
      const { input, truth } = scored;
      // The versions answer one after the other, sometimes across a bucket's end.
      const predictedAtMs = scored.predictedAtMs + 7_000 * names.indexOf(version);
      const replaced = freshness === 'corrected' ? previousTruth : '';
      const row = { input, group, predictedAtMs, knownAtMs, truth, freshness, previousTruth: replaced } as const;
      rows.push({ data: labelled(version, answer === truth, row) });
    }
  };

  for (let t = 0; t < minutes; t++) {
    const fromMs = t * minute;
    if (t === 0 || random.chance(0.02)) rows.push({ data: deployment(names[random.below(4)] as string, fromMs) });
    const quality = 0.5 + 0.4 * Math.sin(t / 7);
    for (let i = random.below(4); i > 0; i--) {
      const classes = new Map<string, string>();
      for (const name of names) if (random.chance(0.8)) classes.set(name, random.chance(quality) ? '1' : '0');
      const input = `${t}-${i}`;
      inputs.push({ input, predictedAtMs: fromMs + random.below(minute), classes, labelled: new Set(), truth: '1' });
    }
    for (const scored of inputs.slice(-12)) {
      const behindMs = random.chance(0.05) ? 3 * minute : 0;
      const knownAtMs = Math.max(scored.predictedAtMs, fromMs + random.below(minute) - behindMs);
      if (scored.labelled.size === 0) {
        if (random.chance(0.4)) outcome(scored, knownAtMs, null);
      } else if (random.chance(0.05)) {
        outcome(scored, knownAtMs, scored.truth === '1' ? '0' : '1');
      } else if (random.chance(0.05)) {
        const late = names.find((name) => !scored.classes.has(name));
        if (late) scored.classes.set(late, '0');
        outcome(scored, knownAtMs, null);
      }
    }
    if (!random.chance(0.1)) rows.push({ tick: fromMs + minute });
  }
  return rows;
}
