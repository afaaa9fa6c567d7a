import type { ModelView } from './views.js';

const rank = { out: 0, unknown: 1, within: 2 } as const;

/** What needs a look first: open incidents, then what is out of its budget, then by name. */
export const byNeed = (a: ModelView, b: ModelView): number =>
  b.openIncidents.length - a.openIncidents.length || rank[a.verdict] - rank[b.verdict] || (a.model < b.model ? -1 : 1);
