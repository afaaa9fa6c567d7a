import { comparesBaseline } from '@moola/contracts/definitions/compares';
import { create } from '@bufbuild/protobuf';
import { judgesWhatServes } from '@moola/contracts/definitions/match';
import type { RuleDefinition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { RuleLimitsSchema, type RuleLimits } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import type { TaskType } from '@moola/metrics/task-type';
import { levelsOf } from '@moola/rules/levels';
import type { WatchedRule } from '../models/watched-model.js';

/** The limits that a chart of a figure of the version that serves can show: of rules on all of its traffic, in the figure's unit. */
export function ruleLimits(rules: readonly WatchedRule[], task: TaskType): RuleLimits[] {
  return rules
    .filter(({ definition, metric }) => limitsFigure(definition) && metric.tasks.includes(task))
    .map(({ name, definition }) =>
      create(RuleLimitsSchema, {
        ...{ rule: name, metric: definition.metric, comparator: definition.comparator },
        levels: levelsOf(definition).map(({ severity, limit, forMs }) => ({ severity, limit, forMs })),
      }),
    )
    .sort((a, b) => (a.rule < b.rule ? -1 : 1));
}

function limitsFigure(rule: RuleDefinition): boolean {
  const { compare, onMissing, segment, match } = rule;
  const ofAll = segment === undefined && match?.segment === undefined;
  return !comparesBaseline(compare) && !onMissing && ofAll && judgesWhatServes(rule);
}
