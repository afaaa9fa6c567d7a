import type { Stage } from './stage.js';

/** The same notification counts once. */
export const deduplicate: Stage = {
  name: 'deduplicate',
  apply(planned, { tables, nowMs }) {
    if (tables.known.has(planned.id)) return null;
    tables.known.set(planned.id, nowMs);
    return planned;
  },
};
