/** Before every bucket. */
export const beforeAll = -(2 ** 30);

/** The numbers that a ring keeps, from where its record begins. The sums of its windows follow, each a row. */
export const ring = {
  /** The open bucket of the last `advance`; the sums hold what lies before it. */
  open: 0,
  /** When a bucket enters or leaves a window next; NaN when that is to be found anew. */
  nextMoveMs: 1,
  /** The bucket that was changed last, and its row; `beforeAll` when there is none. */
  lastIndex: 2,
  last: 3,
  /** Where the list of its buckets stands, and how many there are. */
  held: 4,
  size: 5,
  /** How many buckets are kept. */
  kept: 6,
  /** An entry that changed since the last checkpoint; `beforeAll`: none. */
  changedEntry: 7,
  sums: 8,
} as const;
