import { Lack, type VersionLookedAt } from '@moola/contracts/gen/moola/v1/incidents_pb';
import { BudgetVerdict } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { differenceOf, isBetter } from './difference.js';
import { spoken } from './durations.js';
import { differenceText } from './figures.js';

/** Which versions were looked at for a rollback and what each lacks; one that lacks nothing is told of by its comparison. */
export function lookedAtText(lookedAt: readonly VersionLookedAt[], atMs: number): string {
  return lookedAt
    .filter(({ lack }) => lack !== Lack.UNSPECIFIED)
    .map((looked) => `${looked.version}: ${lackText(looked, atMs)}`)
    .join('; ');
}

function lackText(looked: VersionLookedAt, atMs: number): string {
  const { lack, knownGoodAtMs, sinceMs, metric, samples, needed, verdict } = looked;
  switch (lack) {
    case Lack.NEVER_SERVED:
      return `has never served${inShadow(looked)}`;
    case Lack.ROLLED_BACK:
      return `rolled back before${inShadow(looked)}`;
    case Lack.NOT_KNOWN_GOOD:
      if (knownGoodAtMs > atMs)
        return `not known good yet: ${spoken(knownGoodAtMs - atMs)} more within budget needed${soFar(looked)}`;
      if (verdict === BudgetVerdict.OUT) return 'not known good, and out of budget';
      return verdict === BudgetVerdict.WITHIN ? 'not known good: too few labels' : 'not known good: too few samples';
    case Lack.NO_RECENT_SAMPLES: {
      const count = needed > 0 ? `fewer than ${needed} samples` : 'too few samples';
      return `${count} of ${metric === '' ? 'its budget' : metric}${sinceMs > 0 ? ` for ${spoken(atMs - sinceMs)}` : ''}`;
    }
    case Lack.TOO_FEW_PAIRS:
      return samples === 0
        ? 'no input yet that both answered'
        : `${samples}${needed > 0 ? ` of ${needed}` : ''} inputs that both answered`;
    case Lack.NO_RECENT_PAIR:
      return `no shadow traffic${sinceMs > 0 ? ` for ${spoken(atMs - sinceMs)}` : ''}`;
    case Lack.UNSPECIFIED:
      return '';
  }
}

/** An operator may move traffic to what the system does not: whether it is better is known all the same. */
function inShadow({ version, comparison }: VersionLookedAt): string {
  if (comparison === undefined) return '';
  const difference = differenceOf(comparison, version);
  return isBetter(difference) ? `, but is better: ${differenceText(difference)}` : '';
}

/** How it compares so far, for a version that only lacks time: often it is better long before that is sure. */
function soFar(looked: VersionLookedAt): string {
  const { version, comparison } = looked;
  if (comparison === undefined) return '';
  const difference = differenceOf(comparison, version);
  if (isBetter(difference)) return inShadow(looked);
  return difference.value > 0 ? `; so far better, not yet with confidence: ${differenceText(difference)}` : '';
}
