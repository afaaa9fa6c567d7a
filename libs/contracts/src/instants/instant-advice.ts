import type { InstantFault } from './read-instant.js';

const example = '2026-01-31T12:00:00Z';

/** What is wrong with a time and what to write instead; follows the name of its field, and does not repeat its text. */
export const instantAdvice: Readonly<Record<InstantFault, string>> = {
  unclear: `is no time such as ${example}`,
  ambiguous: `may begin with the day or with the month, and is not guessed: write ${example}`,
  'no-time-of-day': `is a day without a time: write ${example}`,
  'no-zone': `has no time zone: write ${example} for UTC, or 2026-01-31T12:00:00+01:00`,
  'no-such-time': 'names a day or an hour that does not exist',
  twice: 'is an hour that clocks there showed twice, when they were set back: write it with its offset, such as +01:00',
};
