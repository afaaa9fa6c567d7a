import { Comparator } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { BudgetVerdict, type Figure } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import type { BudgetLineView, FigureView, Verdict, VersionView } from './views.js';

export const roleName: Readonly<Record<Role, VersionView['role']>> = {
  [Role.UNSPECIFIED]: 'unknown',
  [Role.PRIMARY]: 'primary',
  [Role.SHADOW]: 'shadow',
  [Role.CANARY]: 'canary',
};

export const verdictName: Readonly<Record<BudgetVerdict, Verdict>> = {
  [BudgetVerdict.UNSPECIFIED]: 'unknown',
  [BudgetVerdict.UNKNOWN]: 'unknown',
  [BudgetVerdict.WITHIN]: 'within',
  [BudgetVerdict.OUT]: 'out',
};

export const comparatorName: Readonly<Record<Comparator, BudgetLineView['comparator']>> = {
  [Comparator.UNSPECIFIED]: null,
  [Comparator.BELOW]: 'below',
  [Comparator.ABOVE]: 'above',
};

export function figureView(figure: Figure): FigureView {
  return {
    metric: figure.metric,
    value: figure.value ?? null,
    samples: figure.samples,
    lower: figure.lower ?? null,
    upper: figure.upper ?? null,
    effectiveSamples: figure.effectiveSamples ?? null,
  };
}
