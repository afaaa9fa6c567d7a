import {
  clusterInflation,
  cohenH,
  detectableEffect,
  normalPower,
  sampleSize,
  sequentialPower,
  studentPower,
  type PowerOf,
} from '@moola/statistics/power/sample-size';
import { plain } from './reason.js';

export interface PowerOptions {
  readonly metric: 'proportion' | 'mean';
  readonly method: 'cohen-h' | 't' | 'z' | 'sequential';
  /** Of a proportion: control's share. */
  readonly baseline: number | null;
  /** Absolute: treatment − control. */
  readonly effect: number | null;
  /** Of a mean, in standard deviations of a unit. */
  readonly effectSize: number | null;
  /** Units an arm that there are: the smallest effect is asked for instead. */
  readonly perArm: number | null;
  readonly alpha: number;
  readonly power: number;
  readonly tunedFor: number;
  /** Units of a cluster, and their correlation. */
  readonly clusterSize: number;
  readonly correlation: number;
  /** Units a day that come to all arms. */
  readonly daily: number | null;
  readonly arms: number;
  readonly json: boolean;
  readonly stdout: NodeJS.WritableStream;
}

export type PowerResult =
  { readonly ok: true; readonly report: PowerReport } | { readonly ok: false; readonly problem: string };

export interface PowerReport {
  /** Units of each arm: a real number, and rounded up. */
  readonly perArm: number;
  readonly perArmRounded: number;
  readonly days?: number;
  /** Where units were given: in standard deviations, and of a proportion as an absolute effect. */
  readonly minEffectSize?: number;
  readonly minEffect?: number | null;
}

/** How many units an experiment needs, or what it can find with those that there are. */
export function powerOf(options: PowerOptions): PowerResult {
  const { alpha, power, perArm } = options;
  const problem = contradiction(options);
  if (problem !== null) return { ok: false, problem };
  const goal = { alpha, power, ratio: 1 };
  const method = powers(options.tunedFor)[options.method];
  const inflation = clusterInflation(options.clusterSize, options.correlation);
  const days = (n: number) => (options.daily === null ? {} : { days: Math.ceil((n * options.arms) / options.daily) });
  if (perArm !== null) {
    const minEffectSize = detectableEffect(method, perArm / inflation, goal);
    if (!Number.isFinite(minEffectSize))
      return { ok: false, problem: `no effect is found with --per-arm ${perArm}: give more units` };
    const minEffect = options.metric === 'proportion' ? effectOf(minEffectSize, options.baseline) : undefined;
    return {
      ok: true,
      report: {
        ...{ perArm, perArmRounded: Math.ceil(perArm), ...days(perArm), minEffectSize },
        ...(minEffect === undefined ? {} : { minEffect }),
      },
    };
  }
  const size = effectSizeOf(options);
  if (typeof size === 'string') return { ok: false, problem: size };
  const needed = sampleSize(method, size, goal) * inflation;
  if (!Number.isFinite(needed)) return { ok: false, problem: 'no number of units finds so small an effect' };
  return { ok: true, report: { perArm: needed, perArmRounded: Math.ceil(needed), ...days(needed) } };
}

/** What was given and would be left out, or cannot be meant. */
function contradiction({
  metric,
  baseline,
  alpha,
  power,
  perArm,
  effect,
  effectSize,
  clusterSize,
  correlation,
}: PowerOptions) {
  if (power <= alpha) return `--power ${power} must be above --alpha ${alpha}: so much is found by chance alone`;
  if (perArm !== null && (effect !== null || effectSize !== null))
    return '--per-arm asks for the smallest effect: leave --effect and --effect-size out, or --per-arm';
  if (perArm !== null && metric === 'proportion' && baseline === null)
    return '--per-arm of a proportion needs --baseline: its share in control';
  if (clusterSize > 1 && correlation === 0)
    return '--cluster-size changes nothing without --correlation: give the correlation of units that belong together';
  return correlation > 0 && clusterSize === 1
    ? '--correlation changes nothing without --cluster-size: give how many units belong together'
    : null;
}

/** @returns the exit code, and what is wrong */
export function power(options: PowerOptions): { readonly exitCode: number; readonly problem: string | null } {
  const found = powerOf(options);
  if (!found.ok) return { exitCode: 2, problem: found.problem };
  options.stdout.write(`${options.json ? JSON.stringify(found.report, null, 2) : textOf(options, found.report)}\n`);
  return { exitCode: 0, problem: null };
}

const powers = (tunedFor: number): Readonly<Record<PowerOptions['method'], PowerOf>> => ({
  'cohen-h': normalPower,
  z: normalPower,
  t: studentPower,
  sequential: sequentialPower(tunedFor),
});

function effectSizeOf({ metric, baseline, effect, effectSize }: PowerOptions): number | string {
  if (metric === 'mean') {
    if (effectSize === null) return '--metric mean needs --effect-size: the effect in standard deviations of a unit';
    return effectSize === 0 ? 'an effect of 0 cannot be found: give --effect-size another value' : effectSize;
  }
  if (baseline === null || effect === null) return '--metric proportion needs --baseline and --effect';
  if (!(baseline >= 0 && baseline <= 1)) return '--baseline is a share, from 0 to 1';
  const treated = baseline + effect;
  if (!(treated >= 0 && treated <= 1))
    return `--baseline ${baseline} with --effect ${effect} is ${plain(treated)}: a share lies from 0 to 1`;
  return effect === 0 ? 'an effect of 0 cannot be found: give --effect another value' : cohenH(treated, baseline);
}

/** The rise of a share that has this Cohen's h; `null`: it would be above 1. */
function effectOf(h: number, baseline: number | null): number | null {
  if (baseline === null) return null;
  const angle = Math.asin(Math.sqrt(baseline)) + h / 2;
  return angle > Math.PI / 2 ? null : Math.sin(angle) ** 2 - baseline;
}

function textOf(options: PowerOptions, { perArmRounded, days, minEffectSize, minEffect }: PowerReport): string {
  const sureness = `with a power of ${plain(100 * options.power)} % at α = ${plain(options.alpha)}, two-sided`;
  const found =
    minEffectSize === undefined
      ? `the effect ${sureness}`
      : minEffect === undefined
        ? `an effect of ${plain(minEffectSize)} standard deviations ${sureness}`
        : minEffect === null
          ? `no rise from ${options.baseline} ${sureness}: not even one to 1`
          : `a rise of ${plain(minEffect)} ${sureness}`;
  const lines = [`${perArmRounded.toLocaleString('en')} units an arm find ${found}.`];
  if (days !== undefined) lines.push(`At ${options.daily} units a day in ${options.arms} arms: ${days} days.`);
  if (options.method === 'sequential')
    lines.push('Always valid: you may look at any time before, and stop as soon as it is decided.');
  return lines.join('\n');
}
