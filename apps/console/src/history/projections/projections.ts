import type { Topic } from '@moola/contracts/topic';
import type { Table } from '../schema/table.js';
import { alerts } from './alerts/alerts.js';
import { buckets } from './buckets/buckets.js';
import { budgets } from './budgets/budgets.js';
import { definitions } from './definitions/definitions.js';
import { deliveries } from './deliveries/deliveries.js';
import { deployments } from './deployments/deployments.js';
import { incidents } from './incidents/incidents.js';
import type { Projection } from './projection.js';
import { protectedValue } from './protected-value/protected-value.js';
import { revenue } from './revenue/revenue.js';
import { segments } from './segments/segments.js';
import { subjects } from './subjects/subjects.js';
import { verdicts } from './verdicts/verdicts.js';
import { windows } from './windows/windows.js';

/** All that history keeps. Tables, readers, the API, exports and documents follow from this list. */
export const projections = [
  windows,
  segments,
  subjects,
  buckets,
  budgets,
  alerts,
  incidents,
  verdicts,
  deliveries,
  deployments,
  definitions,
  revenue,
  protectedValue,
] as const;

/** Every table, once. */
export const tables: readonly Table[] = [...new Set(projections.flatMap<Table>((each) => each.tables))];

/** Topics that history reads, once each. */
export const factTopics: readonly Topic<unknown>[] = [
  ...new Set(projections.map((each) => each.topic as Topic<unknown>)),
];

/** What is made of the facts of a topic. */
export function projectionsOf<T>(topic: Topic<T>): readonly Projection<T>[] {
  return projections.filter((each) => each.topic === (topic as unknown)) as unknown as readonly Projection<T>[];
}
