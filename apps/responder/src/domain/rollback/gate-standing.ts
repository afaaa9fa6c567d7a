import { BudgetVerdict, type BudgetState } from '@moola/contracts/gen/moola/v1/snapshots_pb';

/** Where a version stands with its budget, as far as an incident about one of its gates is concerned. */
export type GateStanding = 'within' | 'out' | 'unknown';

/**
 * Unknown while the gate of `metric` has too few samples; otherwise out when any gate is out, else within: another gate
 * that is short of samples (of positives, say) decides nothing here.
 */
export function gateStanding(budget: BudgetState | undefined, metric: string): GateStanding {
  if (budget === undefined) return 'unknown';
  const gates = budget.lines.filter(({ gate }) => gate);
  const own = gates.filter((line) => line.metric === metric);
  // A record without lines is judged as a whole.
  const verdicts = own.length === 0 ? [budget.verdict] : own.map(({ verdict }) => verdict);
  if (verdicts.some((verdict) => verdict !== BudgetVerdict.WITHIN && verdict !== BudgetVerdict.OUT)) return 'unknown';
  return [...verdicts, ...gates.map(({ verdict }) => verdict)].includes(BudgetVerdict.OUT) ? 'out' : 'within';
}
