import { longestText } from '@moola/contracts/longest-text';

/** Most events of a body or a record. */
export const mostEvents = 50_000;

/** Longest texts, in UTF-16 code units. */
export const most = longestText;

/** Most entries of a map, and the longest key. */
export const segmentLimits = { entries: 32, key: 64 } as const;
export const featureLimits = { entries: 256, key: 128 } as const;
/** Classes; a model with more of them states the score of its answer alone. */
export const probabilityLimits = { entries: 256, key: 128 } as const;
